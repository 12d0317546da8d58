package io.github.hiera4j.torch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the native tensors that Hiera4j holds: the garbage collector does not see their bytes, so a leak would go unnoticed.
 *
 * <p>With the system property {@code hiera.torch.traceLeaks=true} each tensor records where it was created, and
 * {@link #liveOrigins} lists those that are still held.
 */
public final class TorchMemory {
    private static final boolean TRACE = Boolean.getBoolean("hiera.torch.traceLeaks");
    private static final AtomicLong LIVE_BYTES = new AtomicLong();
    private static final AtomicLong LIVE_TENSORS = new AtomicLong();
    private static final AtomicLong NEXT_TICKET = new AtomicLong();
    private static final Map<Long, Throwable> ORIGINS = new ConcurrentHashMap<>();

    private TorchMemory() {}

    /** {@return the bytes of the tensors that are held; a view counts with the tensor whose memory it shares} */
    public static long liveBytes() {
        return LIVE_BYTES.get();
    }

    /**
     * Returns the number of tensors that are held, without views.
     *
     * @return their number
     */
    public static long liveTensors() {
        return LIVE_TENSORS.get();
    }

    /** {@return where the held tensors were created; empty unless leaks are traced} */
    public static Map<Long, Throwable> liveOrigins() {
        return Map.copyOf(ORIGINS);
    }

    /** One counted tensor; released exactly once. */
    record Ticket(long number, long bytes) {
        void giveBack() {
            LIVE_BYTES.addAndGet(-bytes);
            LIVE_TENSORS.decrementAndGet();
            if (TRACE) {
                ORIGINS.remove(number);
            }
        }
    }

    static Ticket take(long bytes) {
        LIVE_BYTES.addAndGet(bytes);
        LIVE_TENSORS.incrementAndGet();
        long number = NEXT_TICKET.incrementAndGet();
        if (TRACE) {
            ORIGINS.put(number, new Throwable("a tensor of " + bytes + " bytes"));
        }
        return new Ticket(number, bytes);
    }
}
