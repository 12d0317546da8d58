package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a video that are shown at given moments.
 *
 * <p>The frame shown at a moment is the one with the latest presentation time at or before the moment (with half a millisecond of
 * tolerance for rounding); times are relative to the first frame, and the last frame is shown after the end. Reading starts at the
 * keyframe before the first requested moment and stops after the last; only requested frames are converted to RGB. Memory does not
 * grow with the video's length.
 *
 * <p>Holds native memory until closed. Methods are synchronised, so only one thread reads at a time.
 */
public final class VideoReader implements AutoCloseable {
    private static final Cleaner FORGOTTEN = Cleaner.create();

    private final String name;
    private final VideoLimits limits;
    private final FfmpegFrames frames;
    private final Cleaner.Cleanable closing;
    private @Nullable VideoInfo info;

    private VideoReader(Path path, VideoLimits limits) {
        this.name = path.toString();
        this.limits = limits;
        this.frames = FfmpegFrames.open(path, limits);
        this.closing = FORGOTTEN.register(this, frames::close);
    }

    /**
     * Loads the native decoder, for which the first video would otherwise wait. Programs may call this on a separate thread during
     * other preparations; it has no effect if the decoder is already loaded.
     *
     * @throws LinkageError if it cannot be loaded
     */
    public static void loadDecoder() {
        FfmpegContainer.load();
    }

    /**
     * Opens a video file with {@link VideoLimits#DEFAULT}.
     *
     * @param path the file
     * @return the reader; the caller closes it
     * @throws HieraException if it is missing, not a video, has no video stream, or not one frame can be decoded
     */
    public static VideoReader open(Path path) {
        return open(path, VideoLimits.DEFAULT);
    }

    /**
     * Opens a video file.
     *
     * @param path the file
     * @param limits limits for size, threads and patience
     * @return the reader; the caller closes it
     */
    public static VideoReader open(Path path, VideoLimits limits) {
        MediaFile file = MediaFile.recognise(path);
        check(file.kind() == MediaKind.VIDEO, "%s: expected a video, got a %s image", path, file.format());
        return new VideoReader(path, limits);
    }

    /** {@return size, codec, frame rate and duration; the first call reads the end of the file} */
    public synchronized VideoInfo info() {
        VideoInfo known = info;
        if (known == null) {
            known = frames.info(limits);
            info = known;
        }
        return known;
    }

    /** {@return warnings about faults in the file that did not prevent reading; empty for an intact file} */
    public synchronized List<String> warnings() {
        return frames.warnings();
    }

    /**
     * {@return the frames shown at these moments, in the same order; a frame requested more than once is the same object}
     *
     * @param seconds moments since the first frame, in any order
     * @throws HieraException if decoding fails, takes too long, or the reader is closed
     */
    public List<Rgb8Image> framesAt(double... seconds) {
        Rgb8Image[] images = new Rgb8Image[seconds.length];
        framesAt(seconds, (index, image) -> images[index] = image);
        return List.of(images);
    }

    /**
     * Passes the frames shown at these moments as they are decoded, earliest first, so that only one needs to be kept in memory.
     *
     * @param seconds moments since the first frame, in any order
     * @param sink receives each frame with its position in the array
     */
    public synchronized void framesAt(double[] seconds, FrameSink sink) {
        for (double moment : seconds) {
            check(Double.isFinite(moment), "%s: frames are requested at %s seconds", name, Arrays.toString(seconds));
        }
        List<Integer> earliestFirst = IntStream.range(0, seconds.length)
                .boxed()
                .sorted(Comparator.comparingDouble(index -> seconds[index]))
                .toList();
        for (int index : earliestFirst) {
            sink.accept(index, frames.imageAt(seconds[index]));
        }
    }

    /**
     * Decodes the whole video for repeated use; {@link DecodedVideo#framesAt} returns the same frames as {@link #framesAt}.
     *
     * @param mostBytes maximum size of all frames, at 3 bytes per pixel
     * @return the video; empty if the frames need more, or if part of the video is damaged
     * @throws HieraException if decoding fails, takes too long, or the reader is closed
     */
    public synchronized Optional<DecodedVideo> decode(long mostBytes) {
        VideoInfo known = info();
        long frameBytes = 3L * known.width() * known.height();
        double expectedFrames =
                Math.rint(known.duration() * known.frameRate()); // the duration is rounded in some files
        if (expectedFrames * frameBytes > mostBytes) {
            return Optional.empty();
        }
        List<Double> starts = new ArrayList<>();
        List<Rgb8Image> images = new ArrayList<>();
        int mostFrames = (int) Math.min(Integer.MAX_VALUE, mostBytes / frameBytes);
        boolean complete = frames.all(mostFrames, (start, image) -> {
            starts.add(start);
            images.add(image);
        });
        if (!complete || !frames.warnings().isEmpty()) {
            return Optional.empty();
        }
        double[] moments = starts.stream().mapToDouble(Double::doubleValue).toArray();
        return Optional.of(new DecodedVideo(known.duration(), moments, images));
    }

    @Override
    public synchronized void close() {
        closing.clean();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Receives frames. */
    public interface FrameSink {
        /**
         * @param index index in the array of moments
         * @param image the frame shown at that moment
         */
        void accept(int index, Rgb8Image image);
    }
}
