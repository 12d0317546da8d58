package io.github.hiera4j.media;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The native memory held by this module, counted on allocation and release: compressed input, decoded images and frames. The count is
 * zero when every reader is closed; anything else is a leak.
 */
public final class MediaMemory {
    private static final AtomicLong LIVE_NATIVE_BYTES = new AtomicLong();
    private static final AtomicLong OPEN_VIDEOS = new AtomicLong();

    private MediaMemory() {}

    /** {@return the bytes of native memory currently held, in all threads} */
    public static long liveNativeBytes() {
        return LIVE_NATIVE_BYTES.get();
    }

    /**
     * Returns the number of open videos, each with a demuxer and a decoder.
     *
     * @return the number
     */
    public static long openVideos() {
        return OPEN_VIDEOS.get();
    }

    /**
     * Counts bytes as held until the lease is closed.
     *
     * @param bytes the number of bytes; negative when they are freed
     * @return the lease
     */
    public static Lease lease(long bytes) {
        LIVE_NATIVE_BYTES.addAndGet(bytes);
        return () -> LIVE_NATIVE_BYTES.addAndGet(-bytes);
    }

    /**
     * Counts native bytes.
     *
     * @param bytes the number of bytes; negative when they are freed
     */
    public static void add(long bytes) {
        LIVE_NATIVE_BYTES.addAndGet(bytes);
    }

    /** Counts a video as open. */
    public static void videoOpened() {
        OPEN_VIDEOS.incrementAndGet();
    }

    /** Counts a video as closed. */
    public static void videoClosed() {
        OPEN_VIDEOS.decrementAndGet();
    }

    /** Bytes counted as held until the lease is closed, exactly once. */
    public interface Lease extends AutoCloseable {
        @Override
        void close();
    }
}
