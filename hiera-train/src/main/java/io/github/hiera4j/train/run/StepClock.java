package io.github.hiera4j.train.run;

import java.util.LinkedHashMap;
import java.util.Map;

/** The mean loss with its terms, and the speed, of the last few steps. */
final class StepClock {
    private final int batch;
    private final int every;
    private final Map<String, Double> partSums = new LinkedHashMap<>();
    private double lossSum;
    private int steps;
    private long samples;
    private long start = System.nanoTime();

    StepClock(int batch, int every) {
        this.batch = batch;
        this.every = every;
    }

    void add(double loss, Map<String, Double> parts, int size) {
        lossSum += loss;
        parts.forEach((name, part) -> partSums.merge(name, part, Double::sum));
        steps++;
        samples += size;
    }

    boolean isDue(long step, long lastStep) {
        return step % every == 0 || step == lastStep;
    }

    double loss() {
        return lossSum / steps;
    }

    Map<String, Double> lossParts() {
        Map<String, Double> means = new LinkedHashMap<>();
        partSums.forEach((name, sum) -> means.put(name, sum / steps));
        return means;
    }

    double samplesPerSecond() {
        return Math.max(samples, batch) / ((System.nanoTime() - start) / 1e9);
    }

    void reset() {
        lossSum = 0;
        partSums.clear();
        steps = 0;
        samples = 0;
        start = System.nanoTime();
    }
}
