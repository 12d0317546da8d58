package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

import java.time.Duration;

/**
 * The limits for reading a video file.
 *
 * @param maxPixels maximum pixels of a frame
 * @param patience maximum time for one frame, including seeking, before reading fails
 * @param decoderThreads number of threads in the decoder, 1 or more; 1 is best if several files are read in parallel
 */
public record VideoLimits(long maxPixels, Duration patience, int decoderThreads) {
    /** 8K frames, 20 seconds of patience, one thread. */
    public static final VideoLimits DEFAULT = new VideoLimits(8192L * 4352, Duration.ofSeconds(20), 1);

    /**
     * Checks the values.
     *
     * @param maxPixels maximum pixels of a frame
     * @param patience maximum time for one frame, including seeking, before reading fails
     * @param decoderThreads number of threads in the decoder, 1 or more; 1 is best if several files are read in parallel
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public VideoLimits {
        check(maxPixels > 0, "maxPixels must be more than 0, got %d", maxPixels);
        check(!patience.isNegative() && !patience.isZero(), "patience must be more than 0, got %s", patience);
        check(decoderThreads >= 1 && decoderThreads <= 64, "decoderThreads must be 1 to 64, got %d", decoderThreads);
    }

    /**
     * {@return these limits with another number of decoder threads}
     *
     * @param threads 1 or more
     */
    public VideoLimits withDecoderThreads(int threads) {
        return new VideoLimits(maxPixels, patience, threads);
    }

    /**
     * {@return these limits with another patience}
     *
     * @param longer the time after which an unfinished call fails
     */
    public VideoLimits withPatience(Duration longer) {
        return new VideoLimits(maxPixels, longer, decoderThreads);
    }
}
