package io.github.hiera4j.model.backend;

import java.util.List;

/** Waits for threads to end. */
public final class ThreadEnd {
    private ThreadEnd() {}

    /**
     * Waits until all threads have ended, even if the calling thread is interrupted: its interrupt is set again afterwards.
     *
     * @param threads threads that end without further help
     */
    public static void await(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
