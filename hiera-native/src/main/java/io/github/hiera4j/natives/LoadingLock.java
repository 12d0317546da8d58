package io.github.hiera4j.natives;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Lets one process at a time unpack and load libraries.
 *
 * <p>JavaCPP unpacks libraries into a directory that all processes of a user share. Of several processes that start together with an empty
 * directory, one may map a file that another one is still writing, and then ends with SIGBUS. Where the lock cannot be taken, for example in a
 * read-only directory, libraries are loaded without it.
 */
final class LoadingLock implements AutoCloseable {
    /** Longer than unpacking takes; a process that was stopped meanwhile must not keep others from starting. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int POLL_MILLISECONDS = 5;
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final @Nullable FileChannel file; // null: locked by an outer call, or not lockable

    private LoadingLock(@Nullable FileChannel file) {
        this.file = file;
    }

    /** Waits until no other thread or process holds the lock; a thread can take it several times. */
    static LoadingLock take() {
        THREADS.lock();
        try {
            return new LoadingLock(THREADS.getHoldCount() == 1 ? lockedFile() : null);
        } catch (Throwable failure) {
            THREADS.unlock();
            throw failure;
        }
    }

    private static @Nullable FileChannel lockedFile() {
        FileChannel file = null;
        try {
            Path path = Loader.getCacheDir().toPath().resolve("hiera4j.lock");
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (file.tryLock() == null && System.nanoTime() < deadline) {
                Thread.sleep(POLL_MILLISECONDS);
            }
            return file;
        } catch (IOException | RuntimeException unavailable) {
            closeQuietly(file);
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            closeQuietly(file);
            return null;
        }
    }

    private static void closeQuietly(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException ignored) {
            // nothing was written
        }
    }

    @Override
    public void close() {
        closeQuietly(file); // releases the lock
        THREADS.unlock();
    }
}
