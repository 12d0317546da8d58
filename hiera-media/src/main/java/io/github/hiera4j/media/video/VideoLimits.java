package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;

import java.time.Duration;

/**
 * How much a video file may ask of its reader.
 *
 * @param maxPixels pixels of the largest frame that is decoded
 * @param patience how long one frame may take to come, seeking included, before the file counts as stuck
 * @param decoderThreads threads the decoder itself may use, 1 or more; 1 is best where several files are read at once
 */
public record VideoLimits(long maxPixels, Duration patience, int decoderThreads) {
    /** 8K frames, 20 seconds of patience, one thread. */
    public static final VideoLimits DEFAULT = new VideoLimits(8192L * 4352, Duration.ofSeconds(20), 1);

    /**
     * Checks the values.
     *
     * @param maxPixels pixels of the largest frame that is decoded
     * @param patience how long one frame may take to come, seeking included, before the file counts as stuck
     * @param decoderThreads threads the decoder itself may use, 1 or more; 1 is best where several files are read at once
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
     * @param longer after which an unfinished call fails
     */
    public VideoLimits withPatience(Duration longer) {
        return new VideoLimits(maxPixels, longer, decoderThreads);
    }
}
