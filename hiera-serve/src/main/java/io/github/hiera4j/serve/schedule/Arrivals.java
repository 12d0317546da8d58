package io.github.hiera4j.serve.schedule;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the files that wait to be decoded or are being decoded for a batch. While there are any, a {@link BatchQueue} does not start a
 * batch with room for them: the processor is not idle meanwhile, and batches of one and seven views take longer than one of eight.
 * Thread-safe.
 */
public final class Arrivals {
    private final AtomicInteger expected = new AtomicInteger();

    /** Creates a counter at zero. */
    public Arrivals() {}

    /** One file that is expected. */
    public final class Arrival {
        private final AtomicBoolean here = new AtomicBoolean();

        private Arrival() {}

        /** Ends the wait: the views are in their queue, or will never be. A second call does nothing. */
        public void end() {
            if (here.compareAndSet(false, true)) {
                expected.decrementAndGet();
            }
        }
    }

    /**
     * Registers a file.
     *
     * @return the arrival, to be ended when the views are in their queue, or will never be
     */
    public Arrival expect() {
        expected.incrementAndGet();
        return new Arrival();
    }

    /** {@return the number of expected files} */
    public int count() {
        return expected.get();
    }
}
