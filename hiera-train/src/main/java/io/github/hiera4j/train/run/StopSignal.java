package io.github.hiera4j.train.run;

import java.util.concurrent.atomic.AtomicBoolean;

/** Requests that a run finishes its step, saves and ends; for Ctrl-C. */
public final class StopSignal {
    private final AtomicBoolean requested = new AtomicBoolean();

    /** Requests an end; safe from any thread and from signal handlers. */
    public void request() {
        requested.set(true);
    }

    /** {@return whether an end was requested} */
    public boolean isRequested() {
        return requested.get();
    }
}
