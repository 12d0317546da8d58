package io.github.hiera4j.media;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What this module holds outside the Java heap, counted where it is taken and given back: compressed input, decoded
 * pictures and frames. When every reader is closed the count is zero; anything else is a leak.
 */
public final class MediaMemory {
    private static final AtomicLong LIVE_NATIVE_BYTES = new AtomicLong();
    private static final AtomicLong OPEN_VIDEOS = new AtomicLong();

    private MediaMemory() {}

    /** {@return bytes of native memory held now, in all threads} */
    public static long liveNativeBytes() {
        return LIVE_NATIVE_BYTES.get();
    }

    /**
     * Videos that are open now, each with a demuxer and a decoder.
     *
     * @return their number
     */
    public static long openVideos() {
        return OPEN_VIDEOS.get();
    }

    /**
     * Counts bytes as taken until the lease is closed.
     *
     * @param bytes how many; negative when they are freed
     * @return the lease
     */
    public static Lease lease(long bytes) {
        LIVE_NATIVE_BYTES.addAndGet(bytes);
        return () -> LIVE_NATIVE_BYTES.addAndGet(-bytes);
    }

    /**
     * Counts native bytes.
     *
     * @param bytes how many; negative when they are freed
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

    /** Bytes counted as held; closing gives them back. Close it once. */
    public interface Lease extends AutoCloseable {
        @Override
        void close();
    }
}
