package io.github.hiera4j.natives;

/**
 * The number of threads that OpenMP's parallel loops use when they are started from the calling thread: OpenMP keeps one number
 * for each thread, so that setting it leaves the rest of the process alone. A library that links OpenMP must have been loaded.
 */
public final class OpenMp {
    private OpenMp() {}

    /**
     * Sets the number of threads of parallel loops that start on this thread.
     *
     * @param threads 1 or more
     * @return false where OpenMP could not be reached; the loops then use all processors, or as many threads as the environment
     *     variable {@code OMP_NUM_THREADS} says
     */
    public static boolean setThreads(int threads) {
        return NativeFunction.call("omp_set_num_threads", threads);
    }
}
