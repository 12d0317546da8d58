package io.github.hiera4j.train.data;

import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import java.util.random.RandomGenerator;

/** Which moments of a video are wanted; pictures ignore it. */
@FunctionalInterface
public interface ClipChoice {
    /** @param duration of the video in seconds */
    Clip choose(double duration);

    /** A clip anywhere in the video, for training. */
    static ClipChoice random(ClipSampler sampler, RandomGenerator random) {
        return duration -> sampler.random(duration, random);
    }

    /** One of the evenly spread clips of a test. */
    static ClipChoice uniform(ClipSampler sampler, int number) {
        return duration -> sampler.uniform(duration).get(number);
    }
}
