package io.github.hiera4j.model.backend;

import java.lang.ref.Cleaner;

/**
 * Native memory held by an object that must be closed. If the object becomes unreachable without having been closed, a
 * warning is logged (logger {@code io.github.hiera4j}) and the memory is freed.
 */
public final class NativeHold {
    private static final System.Logger LOG = System.getLogger("io.github.hiera4j");
    private static final Cleaner CLEANER = Cleaner.create();

    private final State state;
    private final Cleaner.Cleanable cleanable;

    private NativeHold(State state, Cleaner.Cleanable cleanable) {
        this.state = state;
        this.cleanable = cleanable;
    }

    /** The state that outlives the owner. */
    private static final class State implements Runnable {
        private final String what;
        private final Runnable release;
        private volatile boolean closedByOwner;

        State(String what, Runnable release) {
            this.what = what;
            this.release = release;
        }

        @Override
        public void run() {
            if (!closedByOwner) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        what + " was never closed: its native memory was held until now; use try-with-resources");
            }
            release.run();
        }
    }

    /**
     * Watches an owner.
     *
     * @param owner what holds the memory; it is watched by the garbage collector
     * @param what what the owner is, for the warning
     * @param release frees the memory; must not refer to the owner, which would stay reachable
     * @return the handle that releases it once, on the first call; later calls have no effect
     */
    public static NativeHold of(Object owner, String what, Runnable release) {
        State state = new State(what, release);
        return new NativeHold(state, CLEANER.register(owner, state));
    }

    /** Frees the memory now; a second call does nothing. */
    public void release() {
        state.closedByOwner = true;
        cleanable.clean();
    }
}
