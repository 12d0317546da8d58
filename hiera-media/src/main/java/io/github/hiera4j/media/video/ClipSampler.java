package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Chooses clips by time, as the Kinetics models were trained: on video of 30 frames per second, every {@code stride}-th
 * frame. A video shorter than a clip's span is taken from its start, and its last frame stays to the clip's end.
 *
 * @param frames frames of a clip: 16 for the released models
 * @param stride frames from one to the next at 30 per second: 4 for the released models
 * @param clips clips of a video, spread evenly from its start to its end; one is taken from the middle
 * @param crops crops of each clip: 1, the centre; or 3, along the longer side
 */
public record ClipSampler(int frames, int stride, int clips, int crops) {
    /** The frame rate that strides count in. */
    public static final double TRAINING_FRAME_RATE = 30;

    /** Of the released models' test: 16 frames, stride 4, 5 clips of 3 crops. */
    public static final ClipSampler TEST = new ClipSampler(16, 4, 5, 3);

    private static final int MOST_FRAMES = 1 << 12;

    /**
     * Checks the values.
     *
     * @param frames frames of a clip: 16 for the released models
     * @param stride frames from one to the next at 30 per second: 4 for the released models
     * @param clips clips of a video, spread evenly from its start to its end; one is taken from the middle
     * @param crops crops of each clip: 1, the centre; or 3, along the longer side
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
     * @param frames frames of a clip
     * @param stride frames from one frame of a clip to the next, counted at 30 per second
     */
    public static ClipSampler middle(int frames, int stride) {
        return new ClipSampler(frames, stride, 1, 1);
    }

    /**
     * Views of one video: clips times crops.
     *
     * @return their number
     */
    public int views() {
        return clips * crops;
    }

    /** {@return seconds one clip spans, the last frame's share included} */
    public double span() {
        return (double) frames * stride / TRAINING_FRAME_RATE;
    }

    /**
     * {@return the clips of a test, earliest first}
     *
     * @param duration of the video, in seconds
     */
    public List<Clip> uniform(double duration) {
        double room = duration - span();
        return IntStream.range(0, clips)
                .mapToObj(i -> clip(clips == 1 ? room / 2 : i * room / (clips - 1)))
                .toList();
    }

    /**
     * {@return a clip for training, its start drawn evenly from all that fit}
     *
     * @param duration of the video in seconds
     * @param random draws one number
     */
    public Clip random(double duration, RandomGenerator random) {
        return clip(random.nextDouble() * (duration - span()));
    }

    private Clip clip(double start) {
        return new Clip(Math.max(0, start), stride / TRAINING_FRAME_RATE, frames);
    }
}
