package io.github.hiera4j.model.io;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** A file read by position: large ranges as maps that outlive the file handle, small ones as copies. */
public final class MappedFile implements AutoCloseable {
    /** Ranges below this are copied: a map costs a system call and a kernel entry, and a process may have only 65,530. */
    private static final int SMALLEST_MAP = 1 << 20;

    /** After so many mapped bytes the collector is asked to drop the maps that nobody holds any more. */
    private static final long MAPPED_BEFORE_COLLECTION = 512L << 20;

    private static final AtomicLong MAPPED = new AtomicLong();

    private final Path path;
    private final FileChannel channel;
    private final long size;

    private MappedFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    public static MappedFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            boolean exists = Files.exists(path);
            throw new MissingFileException(
                    path + (exists ? ": expected a file, got a directory or a device" : ": no such file"));
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new MappedFile(path, channel, channel.size());
        } catch (IOException e) {
            throw FileFault.unreadable(path, e);
        }
    }

    public Path path() {
        return path;
    }

    public long size() {
        return size;
    }

    /** A range of the file as a little-endian buffer from position 0; a map where it is large. */
    public ByteBuffer read(long offset, long length) {
        check(
                offset >= 0 && length >= 0 && length <= size - offset,
                "%s: truncated: bytes %d to %d are needed, the file has %d",
                path,
                offset,
                offset + length,
                size);
        check(length <= Integer.MAX_VALUE, "%s: one piece of %d bytes is more than 2 GiB", path, length);
        try {
            ByteBuffer buffer = length < SMALLEST_MAP ? copy(offset, (int) length) : map(offset, length);
            return buffer.order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw FileFault.unreadable(path, e);
        }
    }

    /**
     * Java drops a map only when the collector finds it unreachable. Whoever reads tensor by tensor makes no garbage worth a
     * collection, so the pages of a whole checkpoint would stay in memory beside their copies.
     */
    private ByteBuffer map(long offset, long length) throws IOException {
        if (MAPPED.addAndGet(length) > MAPPED_BEFORE_COLLECTION) {
            MAPPED.set(length);
            System.gc();
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
    }

    private ByteBuffer copy(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, offset + buffer.position());
            check(count >= 0, "%s: truncated while it was read", path);
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new HieraException(path + ": cannot be closed: " + e.getMessage(), e);
        }
    }
}
