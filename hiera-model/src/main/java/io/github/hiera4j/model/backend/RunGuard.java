package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.HieraException;
import java.util.function.Supplier;

/**
 * Allows many concurrent runs to use a resource and makes closing it wait until the last of them has ended: native memory must not
 * be freed during a run.
 */
public final class RunGuard {
    /** The message of a model that is used after it was closed. */
    static final String MODEL_IS_CLOSED = "the model is closed: load it again to use it";

    private final String refusal;
    private int underWay;
    private boolean closed;
    private boolean released;

    /**
     * Creates a guard for an open resource.
     *
     * @param refusal the message of the exception for a run after closing, in one line: what is closed and what to do
     */
    public RunGuard(String refusal) {
        this.refusal = refusal;
    }

    /** {@return the guard of a session} */
    public static RunGuard ofModel() {
        return new RunGuard(MODEL_IS_CLOSED);
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
     * Begins a run; throws a {@code HieraException} after {@link #close} has been called.
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
     * Executes one run; throws a {@code HieraException} after {@link #close} has been called.
     *
     * @param <T> the type of the result
     * @param work the code that uses the resource
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

    /** {@return whether {@link #close} has been called} */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Rejects further runs, waits for those in progress, then releases the resource. Only the first caller releases it; every caller
     * returns after the release. An interrupt does not end the wait; the thread's interrupt status is set again afterwards.
     *
     * @param release frees the resource
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

    /** Returns true to the first caller, after the last run; false to every other, after the release. */
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
