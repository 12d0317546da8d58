package io.github.hiera4j.serve.schedule;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the files that wait to be decoded or are being decoded for a batch. While some are, a {@link BatchQueue} does not start a batch
 * that has room for them: the processor is not idle meanwhile, and a batch of one view beside one of seven takes longer than one of eight.
 * Thread-safe.
 */
public final class Arrivals {
    private final AtomicInteger expected = new AtomicInteger();

    /** None is expected yet. */
    public Arrivals() {}

    /** One file on its way. */
    public final class Arrival {
        private final AtomicBoolean here = new AtomicBoolean();

        private Arrival() {}

        /** Its views are in their queue, or will never be. A second call does nothing. */
        public void end() {
            if (here.compareAndSet(false, true)) {
                expected.decrementAndGet();
            }
        }
    }

    /**
     * Counts a file in.
     *
     * @return to be ended when its views are in their queue, or will never be
     */
    public Arrival expect() {
        expected.incrementAndGet();
        return new Arrival();
    }

    /** {@return files on their way} */
    public int count() {
        return expected.get();
    }
}
