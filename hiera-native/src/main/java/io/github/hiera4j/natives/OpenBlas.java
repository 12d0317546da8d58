package io.github.hiera4j.natives;

/**
 * The number of threads of OpenBLAS, which computes libtorch's matrix products in float32. It applies to the whole
 * process, so only a program that controls all its models, such as a command, should set it. The library must be loaded.
 */
public final class OpenBlas {
    private static int usual = initial();
    private static int users; // of one thread

    private OpenBlas() {}

    /**
     * Sets the number of threads of matrix products in this process.
     *
     * @param threads 1 or more
     * @return false if OpenBLAS is not available, or if the user has set {@code OPENBLAS_NUM_THREADS}
     */
    public static synchronized boolean setThreads(int threads) {
        if (System.getenv("OPENBLAS_NUM_THREADS") != null) {
            return false;
        }
        if (users > 0) {
            usual = threads; // applies when the last of them has ended
            return true;
        }
        boolean isSet = call(threads);
        usual = isSet ? threads : usual;
        return isSet;
    }

    /** Matrix products of this process use one thread each until this is closed; the thread that created it closes it. */
    public static final class SingleThread implements AutoCloseable {
        private boolean closed;

        private SingleThread() {}

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                restore();
            }
        }
    }

    /**
     * Lets matrix products use one thread each, for code that computes many small products in parallel: OpenBLAS would otherwise divide
     * some of them among its own threads, and all callers would wait for these. Products of other threads are slower meanwhile.
     *
     * @return an object that restores the usual number when it is closed
     */
    public static synchronized SingleThread singleThread() {
        if (users++ == 0 && usual > 1) {
            call(1);
        }
        return new SingleThread();
    }

    private static synchronized void restore() {
        users--;
        if (users == 0 && usual > 1) {
            call(usual);
        }
    }

    private static boolean call(int threads) {
        return NativeFunction.call("openblas_set_num_threads", threads);
    }

    /** Returns the number that OpenBLAS starts with: there is no way to ask it without a binding. */
    private static int initial() {
        for (String name : new String[] {"OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"}) {
            String value = System.getenv(name);
            if (value != null && value.strip().matches("[1-9][0-9]{0,3}")) {
                return Integer.parseInt(value.strip());
            }
        }
        return Runtime.getRuntime().availableProcessors();
    }
}
