package io.github.hiera4j.train.run.internal;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock on a file, against this process and others. One object may hold it several times; the last release unlocks it.
 *
 * <p>The file is never deleted: otherwise two processes could lock two files of the same name.
 */
public final class DirectoryLock {
    private final Path file;
    private final Supplier<HieraException> inUse;
    private @Nullable FileLock lock;
    private int holders;

    /**
     * Describes a lock; nothing is locked yet.
     *
     * @param file the file to lock, created if it is missing
     * @param inUse creates the exception for a file that another holder has locked
     */
    public DirectoryLock(Path file, Supplier<HieraException> inUse) {
        this.file = file;
        this.inUse = inUse;
    }

    /** A hold of the lock; closing it again has no effect. */
    public final class Hold implements AutoCloseable {
        private boolean isHeld = true;

        private Hold() {}

        @Override
        public void close() {
            release(this);
        }
    }

    /**
     * Locks the file, unless this object already does.
     *
     * @return the hold; the caller closes it
     * @throws HieraException if another holder has locked the file, or it cannot be written
     */
    public synchronized Hold hold() {
        if (holders == 0) {
            lock = acquire();
        }
        holders++;
        return new Hold();
    }

    private synchronized void release(Hold hold) {
        if (!hold.isHeld) {
            return;
        }
        hold.isHeld = false;
        holders--;
        FileLock held = lock;
        if (holders == 0 && held != null) {
            lock = null;
            close(held.acquiredBy());
        }
    }

    @SuppressWarnings("resource") // closed by release
    private FileLock acquire() {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock acquired = channel.tryLock();
            if (acquired != null) {
                return acquired;
            }
        } catch (OverlappingFileLockException inThisProcess) {
            close(channel);
            throw inUse.get();
        } catch (IOException e) {
            close(channel);
            throw FileFault.unwritable(file, e);
        }
        close(channel);
        throw inUse.get();
    }

    private static void close(@Nullable Channel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new HieraException("the lock of a run directory cannot be released: " + FileFault.reason(e), e);
        }
    }
}
