package io.github.hiera4j.torch;

import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.backend.ThreadEnd;
import io.github.hiera4j.natives.OpenBlas;
import io.github.hiera4j.natives.OpenMp;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.pytorch.global.torch;

/**
 * The number of threads of libtorch's parallel loops that start on the current thread.
 *
 * <p>libtorch's own setting is the process's: every thread takes it over when it first computes. OpenMP, which carries the loops
 * out, keeps one number for each thread, and that is what is set here. (libtorch's matrix products in float32 belong to OpenBLAS,
 * whose threads are the process's: {@code OPENBLAS_NUM_THREADS}.)
 */
public final class TorchThreads {
    private TorchThreads() {}

    /**
     * Sets the number for this thread; 0 leaves it alone. False where OpenMP cannot be reached.
     *
     * @param threads 0 leaves it alone
     * @return whether it was set
     */
    public static boolean set(int threads) {
        if (threads == 0) {
            return true;
        }
        torch.get_num_threads(); // libtorch initialises the thread's number now, and not over what is set next
        return OpenMp.setThreads(threads) && torch.get_num_threads() == threads;
    }

    /** The number for this thread, changed until it is closed. */
    public static final class Change implements AutoCloseable {
        private final int before;

        private Change(int before) {
            this.before = before;
        }

        @Override
        public void close() {
            set(before);
        }
    }

    /**
     * Sets the number for this thread until what is returned is closed, on the same thread; 0 leaves it alone.
     *
     * @param threads 0 leaves it alone
     * @return undoes the change when it is closed
     */
    public static Change change(int threads) {
        int before = torch.get_num_threads();
        boolean needed = threads > 0 && threads != before && set(threads);
        return new Change(needed ? before : 0);
    }

    /**
     * Sets how many threads matrix products in float32 use from now on, in the whole process: for programs that train alone.
     *
     * @param threads 1 or more
     * @return false where the user has set the number, or it cannot be set
     */
    public static boolean multiplyOn(int threads) {
        torch.get_num_threads(); // loads the library
        return OpenBlas.setThreads(threads);
    }

    /**
     * Throws a {@code HieraException} where a number of threads other than 0 cannot be set.
     *
     * @param threads 0 leaves it alone
     */
    public static void requireSettable(int threads) {
        if (threads == 0) {
            return;
        }
        AtomicBoolean done = new AtomicBoolean();
        Thread trial = new Thread(() -> done.set(set(1)), "hiera-torch-trial");
        trial.start();
        ThreadEnd.await(List.of(trial));
        if (!done.get()) {
            throw new UnsupportedException(
                    "backend 'torch' cannot set its number of threads here: leave it at 0, and set the"
                            + " environment variable OMP_NUM_THREADS=" + threads + " instead");
        }
    }
}
