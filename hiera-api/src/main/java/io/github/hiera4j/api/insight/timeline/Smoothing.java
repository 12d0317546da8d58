package io.github.hiera4j.api.insight.timeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** The centred moving average of vectors; the span is shorter at both ends. Holds only one span of vectors. */
final class Smoothing {
    private final int radius;
    private final Consumer<float[]> sink;
    private final Deque<float[]> held = new ArrayDeque<>();
    private int added;
    private int given;

    /** @param span an odd number of vectors */
    Smoothing(int span, Consumer<float[]> sink) {
        radius = span / 2;
        this.sink = sink;
    }

    void add(float[] vector) {
        held.add(vector);
        added++;
        if (added > radius) {
            give();
        }
    }

    void finish() {
        while (given < added) {
            give();
        }
    }

    private void give() {
        float[] mean = new float[held.getFirst().length];
        for (float[] vector : held) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vector[i] / held.size();
            }
        }
        sink.accept(mean);
        given++;
        if (given > radius) {
            held.removeFirst();
        }
    }
}
