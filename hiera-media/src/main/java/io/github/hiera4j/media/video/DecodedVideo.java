package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import java.util.ArrayList;
import java.util.List;

/** All frames of a short video in Java memory. Immutable. */
public final class DecodedVideo {
    private final double duration;
    private final double[] starts;
    private final List<Rgb8Image> frames;

    /**
     * @param duration duration in seconds, as in {@link VideoInfo#duration}
     * @param starts presentation time of each frame, in seconds since the first
     * @param frames the frames in presentation order
     */
    DecodedVideo(double duration, double[] starts, List<Rgb8Image> frames) {
        check(starts.length == frames.size() && starts.length > 0, "a video has at least one frame, each with a time");
        this.duration = duration;
        this.starts = starts.clone();
        this.frames = List.copyOf(frames);
    }

    /** {@return the duration in seconds, as in {@link VideoInfo#duration}} */
    public double duration() {
        return duration;
    }

    /** {@return the size of all pixels in bytes} */
    public long bytes() {
        return frames.stream()
                .mapToLong(frame -> (long) Rgb8Image.CHANNELS * frame.width() * frame.height())
                .sum();
    }

    /**
     * {@return the frames shown at these moments, in the same order, as from {@link VideoReader#framesAt}}
     *
     * @param seconds moments since the first frame
     */
    public List<Rgb8Image> framesAt(double... seconds) {
        List<Rgb8Image> shown = new ArrayList<>(seconds.length);
        for (double moment : seconds) {
            int frame = 0;
            while (frame + 1 < starts.length && starts[frame + 1] <= moment + FfmpegFrames.ROUNDING_SECONDS) {
                frame++;
            }
            shown.add(frames.get(frame));
        }
        return List.copyOf(shown);
    }
}
