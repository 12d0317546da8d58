package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.DecodedSample;
import io.github.hiera4j.train.data.SampleSource;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Clips around key frames, read from whole videos by time: frame {@code i} of {@code n} is {@code (i - n / 2) · step} seconds after
 * the key frame. The first frame is repeated before the start of a video, and the last one after its end.
 */
public final class KeyFrameSource implements SampleSource {
    private static final double SECONDS_BEYOND_END = 1;
    private static final int MOST_KEPT = 32;

    private final List<KeyFrame> frames;

    /**
     * Creates a source of the clips around key frames.
     *
     * @param frames the key frames
     */
    public KeyFrameSource(List<KeyFrame> frames) {
        this.frames = List.copyOf(frames);
    }

    @Override
    public int size() {
        return frames.size();
    }

    /**
     * {@return a key frame by its index}
     *
     * @param index from 0
     */
    public KeyFrame frame(int index) {
        return frames.get(index);
    }

    /** Returns {@link #NO_LABEL}: persons may have several actions, so a key frame has no single class. */
    @Override
    public int label(int index) {
        return NO_LABEL;
    }

    @Override
    public String name(int index) {
        KeyFrame frame = frames.get(index);
        return frame.video() + " at " + frame.frame().second() + " s";
    }

    @Override
    public String annotation(int index) {
        StringBuilder text = new StringBuilder();
        for (Person person : frames.get(index).persons()) {
            text.append(Arrays.toString(person.box())).append(person.actions());
        }
        return text.toString();
    }

    /** {@return the largest number of persons in a key frame, at least 1} */
    public int mostPersons() {
        return Math.max(
                1,
                frames.stream().mapToInt(frame -> frame.persons().size()).max().orElse(1));
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice choice) {
        KeyFrame frame = frames.get(index);
        if (!Files.isRegularFile(frame.video())) {
            throw new HieraException(frame.video() + ": no such file");
        }
        try (VideoReader video = VideoReader.open(frame.video())) {
            return read(video, frame.moment(), choice);
        }
    }

    /**
     * Reads the clip around a moment.
     *
     * @param choice provides the number of frames and the step; its start is not used
     * @throws HieraException if the video ends more than a second before the moment
     */
    static List<Rgb8Image> read(VideoReader video, double moment, ClipChoice choice) {
        double duration = video.info().duration();
        check(
                moment >= 0 && moment <= duration + SECONDS_BEYOND_END,
                "%s: a key frame is requested at %s seconds, but the video lasts from 0 to %s; if it is part of a longer"
                        + " video, specify its start in layout.json: {\"videos_start_at\": 900}",
                video,
                moment,
                String.format(Locale.ROOT, "%.1f", duration));
        return video.framesAt(times(moment, choice.choose(duration)));
    }

    /** Returns the times of a clip's frames around a key frame. */
    static double[] times(double moment, Clip clip) {
        double[] times = new double[clip.frames()];
        for (int i = 0; i < times.length; i++) {
            times[i] = Math.max(0, moment + (i - clip.frames() / 2) * clip.step());
        }
        return times;
    }

    /** Decodes a sample that keeps the frames of the last clip, but not the video. */
    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        long bytes;
        try (VideoReader video = VideoReader.open(frames.get(index).video())) {
            bytes = (long) Rgb8Image.CHANNELS
                    * video.info().width()
                    * video.info().height()
                    * MOST_KEPT;
        }
        return bytes > mostBytes
                ? Optional.empty()
                : Optional.of(new DecodedSample(bytes, new KeptClip(index)::frames));
    }

    /** The frames of one sample, kept after they are read. */
    private final class KeptClip {
        private final int index;
        private double[] moments = {};
        private List<Rgb8Image> kept = List.of();

        KeptClip(int index) {
            this.index = index;
        }

        synchronized List<Rgb8Image> frames(ClipChoice choice) {
            Clip clip = choice.choose(0); // exactly once, as without a cache, because it may draw random numbers
            double[] wanted = times(frames.get(index).moment(), clip);
            if (kept.isEmpty() || !Arrays.equals(wanted, moments)) {
                List<Rgb8Image> read = read(index, duration -> clip);
                if (read.size() > MOST_KEPT) {
                    return read;
                }
                moments = wanted;
                kept = read;
            }
            return kept;
        }
    }
}
