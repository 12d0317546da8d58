package io.github.hiera4j.cli.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process on Ctrl-C, on a plain {@code kill} and when the terminal is closed.
 *
 * <p>By default, the JVM responds to a signal with the C library's {@code exit}, which shuts down native libraries while other
 * threads still compute in them: such a process occasionally crashes, or waits forever for a worker of OpenBLAS. Here the
 * operating system ends it as if the signal was not handled: immediately, with the exit code 130 (Ctrl-C), 143
 * ({@code kill}) or 129 (no terminal).
 *
 * <p>Work that can be finished gracefully, such as training, registers with {@link #onRequest}; then the first signal requests
 * the end and waits for it, and the second one ends the process immediately.
 */
public final class Interruption {
    private static final long SECONDS_TO_SAVE = 120;

    private static final AtomicReference<@Nullable Runnable> REQUEST = new AtomicReference<>();
    private static final AtomicReference<@Nullable Runnable> FORWARD = new AtomicReference<>();
    private static final AtomicReference<@Nullable OsSignal> RECEIVED = new AtomicReference<>();
    private static final CountDownLatch ENDED = new CountDownLatch(1);

    private Interruption() {}

    /** Replaces the JVM's signal handlers for the whole process; only a program's entry point may do this. */
    public static void install() {
        for (OsSignal signal : OsSignal.values()) {
            // A terminal sends Ctrl-C to the launcher and to the processes that it started: only the launcher may
            // respond.
            signal.handle(signal != OsSignal.TERM && Launched.isHere() ? () -> {} : () -> end(signal));
        }
        if (Launched.isHere()) {
            Launched.whenAbandoned(() -> end(OsSignal.TERM));
        }
    }

    /** Runs an action for every signal instead of ending this process, until the handle is closed. */
    public static Handle forward(Runnable action) {
        FORWARD.set(action);
        return () -> FORWARD.set(null);
    }

    /** Requests the end of running work instead of killing it, until the handle is closed. */
    public static Handle onRequest(Runnable request) {
        REQUEST.set(request);
        return () -> REQUEST.set(null);
    }

    /** Reverts {@link #onRequest} or {@link #forward} when closed. */
    public interface Handle extends AutoCloseable {
        @Override
        void close();
    }

    /** Ends the process with an exit code, or by the signal that requested its end; never returns. */
    public static void end(int exitCode) {
        OsSignal signal = RECEIVED.get();
        if (signal != null) {
            ENDED.countDown();
            signal.dieOf();
        }
        System.exit(exitCode);
    }

    private static void end(OsSignal signal) {
        Runnable forward = FORWARD.get();
        if (forward != null) {
            RECEIVED.compareAndSet(null, signal);
            forward.run();
            return;
        }
        boolean first = RECEIVED.compareAndSet(null, signal);
        Runnable request = REQUEST.get();
        if (first && request != null) {
            request.run();
            awaitEnd();
        }
        signal.dieOf();
    }

    private static void awaitEnd() {
        try {
            ENDED.await(SECONDS_TO_SAVE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
