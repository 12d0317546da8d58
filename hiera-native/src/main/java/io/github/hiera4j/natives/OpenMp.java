package io.github.hiera4j.natives;

/**
 * The number of threads of OpenMP's parallel loops that are started from the calling thread. OpenMP keeps one number for each thread,
 * so setting it does not affect the rest of the process. A library that links OpenMP must be loaded.
 */
public final class OpenMp {
    private OpenMp() {}

    /**
     * Sets the number of threads of parallel loops that start on this thread.
     *
     * @param threads 1 or more
     * @return false if OpenMP is not available; the loops then use all processors, or as many threads as specified by the environment
     *     variable {@code OMP_NUM_THREADS}
     */
    public static boolean setThreads(int threads) {
        return NativeFunction.call("omp_set_num_threads", threads);
    }
}
