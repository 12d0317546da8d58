package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Selects clips by time as in the training of the Kinetics models: every {@code stride}-th frame at 30 frames per second. A clip of a
 * shorter video begins at its start, and the last frame is repeated to the end of the clip.
 *
 * @param frames frames per clip: 16 for the released models
 * @param stride distance between frames, in frames at 30 per second: 4 for the released models
 * @param clips clips per video, spread evenly from its start to its end; a single clip is taken from the middle
 * @param crops crops per clip: 1, the centre; or 3, along the longer side
 */
public record ClipSampler(int frames, int stride, int clips, int crops) {
    /** The frame rate to which strides refer. */
    public static final double TRAINING_FRAME_RATE = 30;

    /** The test setting of the released models: 16 frames, stride 4, 5 clips with 3 crops each. */
    public static final ClipSampler TEST = new ClipSampler(16, 4, 5, 3);

    private static final int MOST_FRAMES = 1 << 12;

    /**
     * Checks the values.
     *
     * @param frames frames per clip: 16 for the released models
     * @param stride distance between frames, in frames at 30 per second: 4 for the released models
     * @param clips clips per video, spread evenly from its start to its end; a single clip is taken from the middle
     * @param crops crops per clip: 1, the centre; or 3, along the longer side
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ClipSampler {
        check(frames > 0 && frames <= MOST_FRAMES, "a clip has 1 to %d frames, got %d", MOST_FRAMES, frames);
        check(stride > 0, "the stride must be 1 or more, got %d", stride);
        check(clips > 0 && clips <= MOST_FRAMES, "1 to %d clips can be taken, got %d", MOST_FRAMES, clips);
        check(crops == 1 || crops == 3, "a clip is cropped once or 3 times, got %d", crops);
    }

    /**
     * {@return one clip from the middle, cropped at the centre}
     *
     * @param frames frames per clip
     * @param stride distance between frames, in frames at 30 per second
     */
    public static ClipSampler middle(int frames, int stride) {
        return new ClipSampler(frames, stride, 1, 1);
    }

    /**
     * Returns the number of views per video: clips times crops.
     *
     * @return the number
     */
    public int views() {
        return clips * crops;
    }

    /** {@return the duration of one clip in seconds, including that of the last frame} */
    public double span() {
        return (double) frames * stride / TRAINING_FRAME_RATE;
    }

    /**
     * {@return the clips for testing, earliest first}
     *
     * @param duration duration of the video, in seconds
     */
    public List<Clip> uniform(double duration) {
        double room = duration - span();
        return IntStream.range(0, clips)
                .mapToObj(i -> clip(clips == 1 ? room / 2 : i * room / (clips - 1)))
                .toList();
    }

    /**
     * {@return a clip for training, with a start drawn uniformly from all that fit}
     *
     * @param duration duration of the video, in seconds
     * @param random the source of one random number
     */
    public Clip random(double duration, RandomGenerator random) {
        return clip(random.nextDouble() * (duration - span()));
    }

    private Clip clip(double start) {
        return new Clip(Math.max(0, start), stride / TRAINING_FRAME_RATE, frames);
    }
}
