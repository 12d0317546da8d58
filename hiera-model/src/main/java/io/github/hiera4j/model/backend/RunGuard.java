package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.HieraException;
import java.util.function.Supplier;

/**
 * Lets many runs use something at a time and its closing wait until the last of them has ended: native memory must not be freed
 * under a run.
 */
public final class RunGuard {
    private final String refusal;
    private int underWay;
    private boolean closed;
    private boolean released;

    /**
     * Guards what is open.
     *
     * @param refusal the message of a run after closing, in one line: what is closed and what to do
     */
    public RunGuard(String refusal) {
        this.refusal = refusal;
    }

    /** {@return the guard of a session} */
    public static RunGuard ofModel() {
        return new RunGuard("the model is closed: load it again to use it");
    }

    /** One run; closing it ends the run. */
    public final class Run implements AutoCloseable {
        private boolean ended;

        private Run() {}

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                leave();
            }
        }
    }

    /**
     * Begins a run; throws a {@code HieraException} once {@link #close} was called.
     *
     * @return the run; close it when it is over
     */
    public synchronized Run enter() {
        if (closed) {
            throw new HieraException(refusal);
        }
        underWay++;
        return new Run();
    }

    /**
     * Carries out one run; throws a {@code HieraException} once {@link #close} was called.
     *
     * @param <T> the kind of result
     * @param work what uses the guarded thing
     * @return its result
     */
    public <T> T during(Supplier<T> work) {
        Run run = enter();
        try {
            return work.get();
        } finally {
            run.close();
        }
    }

    private synchronized void leave() {
        underWay--;
        notifyAll();
    }

    /** {@return whether {@link #close} was called} */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Lets no further run begin, waits for those that have begun, then releases what is guarded. Every caller returns after the
     * release; only the first one does it. An interrupt does not end the waiting; it is kept for the caller to see.
     *
     * @param release frees what is guarded
     */
    public void close(Runnable release) {
        if (!awaitLastRun()) {
            return;
        }
        try {
            release.run();
        } finally {
            synchronized (this) {
                released = true;
                notifyAll();
            }
        }
    }

    /** True for the first caller, after the last run; false for every other, after the release. */
    private synchronized boolean awaitLastRun() {
        boolean first = !closed;
        closed = true;
        boolean interrupted = false;
        while (first ? underWay > 0 : !released) {
            try {
                wait();
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return first;
    }
}
