package io.github.hiera4j.api.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Creates pools of daemon threads that end when they are idle. */
final class DaemonThreads {
    private static final long IDLE_SECONDS = 1;

    private DaemonThreads() {}

    /** Returns a pool of at most {@code count} threads, all with the same name. */
    static ThreadPoolExecutor pool(int count, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
