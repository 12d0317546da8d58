package io.github.hiera4j.model.io;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkIntact;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.OperationInterruptedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file read by position. Reads return copies, so that nothing depends on the file afterwards. If another process truncates or
 * overwrites the file during a read, the read fails. (With a memory map the process would crash.)
 *
 * <p>Thread-safe.
 */
public final class PositionedFile implements AutoCloseable {
    /** Java copies through a direct buffer of this size when the target is an array; it keeps one per thread. */
    private static final int PIECE = 1 << 20;

    /**
     * File systems record modification times with a resolution of up to 10 ms. A file that was written just before it was opened could
     * be written again without a change of that time, so reading waits until the interval is over.
     */
    private static final long TIME_STEP_MILLIS = 12;

    private final Path path;
    private final FileChannel channel;
    private final BasicFileAttributes opened;
    private volatile boolean settled;

    private PositionedFile(Path path, FileChannel channel, BasicFileAttributes opened) {
        this.path = path;
        this.channel = channel;
        this.opened = opened;
    }

    /**
     * Opens a file; throws a {@code HieraException} if it is missing, is not a regular file or cannot be opened.
     *
     * @param path a file, a directory, or the name of a downloaded model
     * @return the file; the caller closes it
     */
    public static PositionedFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            boolean exists = Files.exists(path);
            throw new MissingFileException(
                    path + (exists ? ": expected a file, got a directory or a device" : ": no such file"));
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new PositionedFile(path, channel, attributes(path));
        } catch (IOException fault) {
            throw FileFault.unreadable(path, fault);
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    /** {@return the path of the file} */
    public Path path() {
        return path;
    }

    /** {@return the size of the file in bytes when it was opened} */
    public long size() {
        return opened.size();
    }

    /**
     * {@return a copy of a short range of the file, such as a header, as a little-endian buffer from position 0}
     *
     * @param offset bytes from the start
     * @param length bytes
     */
    public ByteBuffer read(long offset, long length) {
        checkRange(offset, length);
        check(length <= Integer.MAX_VALUE, "%s: a range of %d bytes is more than 2 GiB", path, length);
        ByteBuffer target = ByteBuffer.allocate((int) length);
        copy(offset, target);
        return target.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Copies bytes of the file to a buffer, from the buffer's position to its limit, for large ranges.
     *
     * @param offset bytes from the start
     * @param target filled from its position to its limit
     */
    public void readInto(long offset, ByteBuffer target) {
        awaitSettled();
        copy(offset, target);
    }

    private void awaitSettled() {
        if (settled) {
            return;
        }
        long age = System.currentTimeMillis() - opened.lastModifiedTime().toMillis();
        if (age >= 0 && age < TIME_STEP_MILLIS) {
            try {
                Thread.sleep(TIME_STEP_MILLIS - age);
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new OperationInterruptedException(
                        path + ": cannot be read: the thread was interrupted", interrupt);
            }
        }
        settled = true;
    }

    private void copy(long offset, ByteBuffer target) {
        checkRange(offset, target.remaining());
        try {
            long position = offset;
            while (target.hasRemaining()) {
                ByteBuffer piece = target.slice();
                piece.limit(Math.min(piece.limit(), PIECE));
                int count = channel.read(piece, position);
                checkIntact(count >= 0, "%s: truncated while it was read: load it again", path);
                target.position(target.position() + count);
                position += count;
            }
            checkUnchanged();
        } catch (IOException fault) {
            throw FileFault.unreadable(path, fault);
        }
    }

    private void checkRange(long offset, long length) {
        checkIntact(
                offset >= 0 && length >= 0 && length <= size() - offset,
                "%s: truncated: bytes %d to %d are needed, the file has %d",
                path,
                offset,
                offset + length,
                size());
    }

    /** Throws if the file was modified. A file that was replaced by another is unchanged: this object still reads the old one. */
    private void checkUnchanged() throws IOException {
        checkIntact(channel.size() == size(), "%s: changed in size while it was read: load it again", path);
        BasicFileAttributes now = attributesOrNull();
        if (now == null || !isSameFile(now)) {
            return;
        }
        if (!now.lastModifiedTime().equals(opened.lastModifiedTime())) {
            throw new DamagedFileException(path + ": was written to while it was read: load it again");
        }
    }

    private boolean isSameFile(BasicFileAttributes now) {
        return now.fileKey() == null || now.fileKey().equals(opened.fileKey());
    }

    private @Nullable BasicFileAttributes attributesOrNull() throws IOException {
        try {
            return attributes(path);
        } catch (NoSuchFileException deleted) {
            return null; // it remains readable until it is closed
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException fault) {
            throw FileFault.unreadable(path, fault);
        }
    }
}
