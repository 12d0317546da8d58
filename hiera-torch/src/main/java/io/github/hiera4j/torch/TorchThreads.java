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
 * <p>libtorch's own setting applies to the process: every thread adopts it when it first computes. OpenMP, which executes the loops,
 * keeps one number for each thread, which is set here. (libtorch's matrix products in float32 use OpenBLAS,
 * whose threads are shared by the process: {@code OPENBLAS_NUM_THREADS}.)
 */
public final class TorchThreads {
    private TorchThreads() {}

    /**
     * Sets the number for this thread; 0 leaves it unchanged. Returns false if OpenMP is not accessible.
     *
     * @param threads the number of threads; 0 leaves it unchanged
     * @return whether it was set
     */
    public static boolean set(int threads) {
        if (threads == 0) {
            return true;
        }
        torch.get_num_threads(); // initialises the thread's number, so that it does not overwrite the next setting
        return OpenMp.setThreads(threads) && torch.get_num_threads() == threads;
    }

    /** A changed number for this thread, until it is closed. */
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
     * Sets the number for this thread until the returned object is closed on the same thread; 0 leaves it unchanged.
     *
     * @param threads the number of threads; 0 leaves it unchanged
     * @return an object that undoes the change when closed
     */
    public static Change change(int threads) {
        int before = torch.get_num_threads();
        boolean needed = threads > 0 && threads != before && set(threads);
        return new Change(needed ? before : 0);
    }

    /**
     * Sets the number of threads of float32 matrix products for the whole process, for programs that only train.
     *
     * @param threads 1 or more
     * @return false if the user has set the number, or it cannot be set
     */
    public static boolean multiplyOn(int threads) {
        torch.get_num_threads(); // loads the library
        return OpenBlas.setThreads(threads);
    }

    /**
     * Throws a {@code HieraException} if a number of threads other than 0 cannot be set.
     *
     * @param threads the number of threads; 0 leaves it unchanged
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
