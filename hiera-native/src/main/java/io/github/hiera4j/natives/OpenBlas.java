package io.github.hiera4j.natives;

/**
 * The number of threads of OpenBLAS, which computes libtorch's matrix products in float32. It applies to the whole
 * process, so only a program that controls all its models, such as a command, should set it. The library must be loaded.
 */
public final class OpenBlas {
    private OpenBlas() {}

    /**
     * Sets the number of threads of matrix products in this process.
     *
     * @param threads 1 or more
     * @return false if OpenBLAS is not available, or if the user has set {@code OPENBLAS_NUM_THREADS}
     */
    public static boolean setThreads(int threads) {
        return System.getenv("OPENBLAS_NUM_THREADS") == null
                && NativeFunction.call("openblas_set_num_threads", threads);
    }
}
