package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** How the frames of one sample become the numbers a network sees. Safe from several threads. */
public interface SampleTransform {
    /** Writes one sample, {@code [3, (frames,) height, width]}, at a position of the batch. */
    void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random);
}
