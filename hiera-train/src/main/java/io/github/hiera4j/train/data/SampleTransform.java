package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Converts the frames of one sample to the input of a network. Safe from several threads. */
public interface SampleTransform {
    /**
     * Writes one sample, {@code [3, (frames,) height, width]}, at a position of the batch.
     *
     * @param frames frames of one size
     * @param target receives the normalised pixels, channel by channel
     * @param offset where the sample starts in the buffer, in elements
     * @param random source of random numbers
     */
    void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random);

    /**
     * Writes one sample as {@link #write} does, and reports which part of the frames is shown.
     *
     * @param frames frames of one size
     * @param target receives the normalised pixels, channel by channel
     * @param offset where the sample starts in the buffer, in elements
     * @param random source of random numbers
     * @return empty if this transform does not report it
     */
    default Optional<Placement> writePlaced(
            List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random) {
        write(frames, target, offset, random);
        return Optional.empty();
    }
}
