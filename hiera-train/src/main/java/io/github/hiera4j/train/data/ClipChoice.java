package io.github.hiera4j.train.data;

import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import java.util.random.RandomGenerator;

/** Chooses the moments of a video to read; pictures ignore it. */
@FunctionalInterface
public interface ClipChoice {
    /**
     * Chooses the frames.
     *
     * @param duration of the video in seconds
     * @return the frames
     */
    Clip choose(double duration);

    /**
     * {@return a randomly placed clip of the video, for training}
     *
     * @param sampler length, stride and number of the clips
     * @param random source of random numbers
     */
    static ClipChoice random(ClipSampler sampler, RandomGenerator random) {
        return duration -> sampler.random(duration, random);
    }

    /**
     * {@return one of the evenly spread clips of a test}
     *
     * @param sampler length, stride and number of the clips
     * @param number the clip, from 0
     */
    static ClipChoice uniform(ClipSampler sampler, int number) {
        return duration -> sampler.uniform(duration).get(number);
    }
}
