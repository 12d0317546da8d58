package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_image_get_buffer_size;

import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.HieraException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * A position in a video: the frame shown there, and the next one, which determines how long. Moves forward by decoding, and to any
 * other position through a keyframe.
 */
public final class FfmpegFrames implements AutoCloseable {
    /** Containers round times to milliseconds. */
    static final double ROUNDING_SECONDS = 0.0005;

    /** Containers and encoders disagree about the end by a few frames. */
    private static final double CUT_SHORT_SECONDS = 0.5;

    private static final int SEEK_ATTEMPTS = 4;
    private static final int ROW_ALIGNMENT = 32;

    private final String name;
    private final FfmpegDemuxer demuxer;
    private final FfmpegDecoder decoder;
    private final FfmpegColour colour;
    private final Orientation orientation;

    private AVFrame shown = av_frame_alloc();
    private AVFrame next = av_frame_alloc();
    private long firstTime;
    private long shownTime;
    private long nextTime;
    private boolean hasNext;
    private @Nullable Rgb8Image shownImage;
    private double missingSeconds;
    private long leasedBytes;
    private boolean closed;

    private FfmpegFrames(String name, FfmpegDemuxer demuxer, FfmpegDecoder decoder) {
        this.name = name;
        this.demuxer = demuxer;
        this.decoder = decoder;
        this.colour = new FfmpegColour(name);
        this.orientation = demuxer.orientation();
        MediaMemory.videoOpened();
    }

    /** Opens a file and decodes its first frame. */
    static FfmpegFrames open(Path path, VideoLimits limits) {
        FfmpegDeadline.start(limits.patience());
        FfmpegDemuxer demuxer = new FfmpegDemuxer(path, limits);
        FfmpegFrames frames;
        try {
            frames = new FfmpegFrames(path.toString(), demuxer, new FfmpegDecoder(path.toString(), demuxer, limits));
        } catch (RuntimeException e) {
            demuxer.close();
            throw e;
        }
        try {
            frames.start();
            return frames;
        } catch (RuntimeException e) {
            frames.close();
            throw e;
        }
    }

    private void start() {
        decoder.rewind();
        if (!load()) {
            FfmpegDeadline.checkInterrupt(name);
            throw new DamagedFileException(
                    name + ": not one frame of this video can be decoded: it is damaged or cut short");
        }
        firstTime = shownTime;
        leasedBytes = 2L * av_image_get_buffer_size(shown.format(), shown.width(), shown.height(), ROW_ALIGNMENT);
        MediaMemory.add(leasedBytes);
    }

    /**
     * Returns size, codec, rate and duration, for which the end of the file is read.
     */
    VideoInfo info(VideoLimits limits) {
        requireOpen();
        int width = orientation.swapsSides() ? shown.height() : shown.width();
        int height = orientation.swapsSides() ? shown.width() : shown.height();
        FfmpegDeadline deadline = FfmpegDeadline.start(limits.patience());
        double duration = demuxer.seconds(demuxer.lastTime(firstTime)) + 1 / demuxer.frameRate();
        deadline.check(name);
        goTo(ROUNDING_SECONDS);
        missingSeconds = demuxer.claimedSeconds(firstTime) - duration;
        return new VideoInfo(width, height, decoder.codecName(), demuxer.frameRate(), duration);
    }

    /** Returns the frame shown at a moment in seconds from the first frame, or the nearest frame outside the video. */
    Rgb8Image imageAt(double seconds) {
        requireOpen();
        moveTo(seconds + ROUNDING_SECONDS);
        Rgb8Image image = shownImage;
        if (image == null) {
            image = orientation.apply(colour.convert(shown));
            shownImage = image;
        }
        return image;
    }

    /**
     * Passes every frame in presentation order.
     *
     * @param mostFrames maximum number of frames, after which reading stops
     * @param sink receives the presentation time of a frame, and the frame
     * @return false if there are more frames
     */
    boolean all(int mostFrames, BiConsumer<Double, Rgb8Image> sink) {
        goTo(ROUNDING_SECONDS);
        for (int count = 0; count < mostFrames; count++) {
            sink.accept(secondsAt(shownTime), orientation.apply(colour.convert(shown)));
            if (!hasNext) {
                return true;
            }
            step();
        }
        return false;
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (decoder.damagedPackets() > 0) {
            warnings.add(name + ": " + decoder.damagedPackets() + " damaged packets of the video were skipped");
        }
        if (missingSeconds > CUT_SHORT_SECONDS) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%s: the video is cut short: its last %.1f seconds are missing",
                    name,
                    missingSeconds));
        }
        return warnings;
    }

    private void moveTo(double moment) {
        boolean behind = secondsAt(shownTime) > moment && shownTime != firstTime;
        boolean ahead = hasNext && secondsAt(nextTime) <= moment;
        if (behind || (ahead && demuxer.hasKeyframeBefore(firstTime + demuxer.units(moment)))) {
            goTo(moment);
        }
        while (hasNext && secondsAt(nextTime) <= moment) {
            step();
        }
    }

    /**
     * Seeks to a keyframe at or before a moment. If nothing can be decoded from there up to the moment, earlier keyframes are tried, and
     * finally the first.
     */
    private void goTo(double moment) {
        long target = firstTime + demuxer.units(moment);
        for (int attempt = 0; attempt < SEEK_ATTEMPTS; attempt++) {
            long keyframe = decoder.seek(target);
            if (load() && (secondsAt(shownTime) <= moment || shownTime <= firstTime)) {
                return;
            }
            if (keyframe <= firstTime) {
                break;
            }
            target = keyframe - 1;
        }
        decoder.rewind();
        if (!load()) {
            FfmpegDeadline.checkInterrupt(name);
            throw new DamagedFileException(
                    name + ": its frames can be decoded once but not again: the video is damaged");
        }
    }

    /** Decodes the current frame and the next one. */
    private boolean load() {
        shownImage = null;
        if (!decoder.next(shown)) {
            return false;
        }
        shownTime = decoder.time();
        decodeNext();
        return true;
    }

    private void step() {
        AVFrame free = shown;
        shown = next;
        shownTime = nextTime;
        shownImage = null;
        next = free;
        decodeNext();
    }

    private void decodeNext() {
        hasNext = decoder.next(next);
        nextTime = decoder.time();
    }

    private double secondsAt(long time) {
        return demuxer.seconds(time - firstTime);
    }

    private void requireOpen() {
        if (closed) {
            throw new HieraException(name + ": this video has been closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            av_frame_free(shown);
            av_frame_free(next);
            colour.close();
            decoder.close();
            demuxer.close();
            MediaMemory.add(-leasedBytes);
            MediaMemory.videoClosed();
        }
    }
}
