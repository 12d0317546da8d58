package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

/**
 * Moments of a video at which frames are taken, evenly apart.
 *
 * @param start of the first frame, in seconds since the video's first
 * @param step from one frame to the next, in seconds
 * @param frames how many
 */
public record Clip(double start, double step, int frames) {
    /**
     * Checks the values.
     *
     * @param start of the first frame, in seconds since the video's first
     * @param step from one frame to the next, in seconds
     * @param frames how many
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Clip {
        check(start >= 0 && Double.isFinite(start), "a clip cannot start at %s seconds", start);
        check(step > 0 && Double.isFinite(step), "a clip's frames must be apart, got a step of %s seconds", step);
        check(frames > 0, "a clip needs at least one frame, got %d", frames);
    }

    /** {@return the moments, in seconds since the video's first frame} */
    public double[] times() {
        double[] times = new double[frames];
        for (int k = 0; k < frames; k++) {
            times[k] = start + k * step;
        }
        return times;
    }
}
