package io.github.hiera4j.natives;

/**
 * The number of threads of OpenBLAS, which computes libtorch's matrix products in float32. It is the process's, so only a program
 * that knows all its models sets it, as a command does. The library must have been loaded.
 */
public final class OpenBlas {
    private OpenBlas() {}

    /**
     * Sets the number of threads of matrix products in this process.
     *
     * @param threads 1 or more
     * @return false where OpenBLAS could not be reached, or the user has set {@code OPENBLAS_NUM_THREADS}
     */
    public static boolean setThreads(int threads) {
        return System.getenv("OPENBLAS_NUM_THREADS") == null
                && NativeFunction.call("openblas_set_num_threads", threads);
    }
}
