package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

/**
 * Evenly spaced times in a video at which frames are taken.
 *
 * @param start time of the first frame, in seconds since the first frame of the video
 * @param step time from one frame to the next, in seconds
 * @param frames number of frames
 */
public record Clip(double start, double step, int frames) {
    /**
     * Checks the values.
     *
     * @param start time of the first frame, in seconds since the first frame of the video
     * @param step time from one frame to the next, in seconds
     * @param frames number of frames
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Clip {
        check(start >= 0 && Double.isFinite(start), "a clip cannot start at %s seconds", start);
        check(step > 0 && Double.isFinite(step), "a clip needs a positive step, got %s seconds", step);
        check(frames > 0, "a clip needs at least one frame, got %d", frames);
    }

    /** {@return the times of the frames, in seconds since the video's first frame} */
    public double[] times() {
        double[] times = new double[frames];
        for (int k = 0; k < frames; k++) {
            times[k] = start + k * step;
        }
        return times;
    }
}
