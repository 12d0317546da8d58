package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkIntact;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the images and videos of a tar file once from beginning to end, for example from a network connection. Only one of them is in
 * memory at a time. Other files, links and directories are skipped; nothing is written.
 */
public final class TarStream implements AutoCloseable {
    /** Largest accepted file, in bytes; a larger one is reported as a fault. */
    public static final long MOST_BYTES = 1L << 28;

    private static final long MOST_HEADER_BYTES = 1L << 22;
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 4096;

    private final String name;
    private final Bounded bytes;
    private final TarArchiveInputStream tar;
    private boolean hasEnd;

    /**
     * Opens a tar file.
     *
     * @param name the name of the archive in messages
     * @param stream its bytes; closed together with this object
     */
    public TarStream(String name, InputStream stream) {
        this.name = name;
        bytes = new Bounded(stream);
        tar = new TarArchiveInputStream(bytes, StandardCharsets.UTF_8.name()) {
            @Override
            protected boolean isEOFRecord(byte @Nullable [] block) {
                boolean end = super.isEOFRecord(block);
                hasEnd |= end && block != null; // no block: the stream ended
                return end;
            }
        };
    }

    /**
     * An image or video of the archive.
     *
     * @param name its name in the archive, in a printable form if it is very long or has control characters
     * @param length in bytes, according to the archive
     * @param content its bytes; empty if it is larger than {@link #MOST_BYTES}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on without a copy
    public record Entry(String name, long length, byte[] content) {}

    /**
     * Reads the next image or video.
     *
     * @return empty after the last one
     * @throws HieraException if the archive is damaged or truncated, after which nothing more can be read, or is not a tar file
     */
    public Optional<Entry> next() {
        try {
            while (true) {
                bytes.allow(MOST_HEADER_BYTES);
                TarArchiveEntry entry = tar.getNextEntry();
                if (entry == null) {
                    check(bytes.total > 0, "%s: the file is empty", name);
                    checkIntact(hasEnd, "%s: ends too early: it was cut off", name);
                    return Optional.empty();
                }
                check(entry.isCheckSumOK(), "%s: not a tar file, or a damaged one", name);
                boolean regular = (entry.getLinkFlag() == '0' || entry.getLinkFlag() == 0) && !entry.isSparse();
                bytes.allow(entry.getRealSize() + 2 * BLOCK);
                if (regular && !entry.isDirectory() && MediaFiles.isMedia(entry.getName())) {
                    return Optional.of(read(entry));
                }
                skip(entry);
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException fault) {
            throw damaged(fault);
        }
    }

    private Entry read(TarArchiveEntry entry) throws IOException {
        long length = entry.getSize();
        if (length > MOST_BYTES) {
            skip(entry);
            return new Entry(printable(entry.getName()), length, new byte[0]);
        }
        byte[] content = tar.readNBytes((int) length);
        if (content.length < length) {
            throw new IOException("truncated");
        }
        return new Entry(printable(entry.getName()), length, content);
    }

    private static String printable(String name) {
        boolean plain = name.length() <= LONGEST_NAME && name.chars().noneMatch(Character::isISOControl);
        return plain ? name : Printable.of(name);
    }

    private void skip(TarArchiveEntry entry) throws IOException {
        long left = entry.getSize();
        while (left > 0) {
            long skipped = tar.skip(left);
            if (skipped <= 0) {
                throw new IOException("truncated");
            }
            left -= skipped;
        }
    }

    private HieraException damaged(Exception fault) {
        boolean cutOff = String.valueOf(fault.getMessage()).contains("runcated");
        return new DamagedFileException(
                name
                        + (bytes.isExceeded()
                                ? ": has an entry whose headers are more than " + (MOST_HEADER_BYTES >> 20) + " MB"
                                : cutOff
                                        ? ": ends too early: it was cut off"
                                        : ": not a tar file, a damaged one, or it cannot be read"),
                fault);
    }

    @Override
    public void close() {
        try {
            tar.close();
        } catch (IOException ignored) { // nothing was written, nothing is lost
            bytes.allow(0);
        }
    }

    /** Limits the bytes of headers: the tar library keeps them in memory, and a file could declare a name of a gigabyte. */
    private static final class Bounded extends FilterInputStream {
        private long allowed;
        private long total;

        Bounded(InputStream stream) {
            super(stream);
        }

        void allow(long count) {
            allowed = count;
        }

        boolean isExceeded() {
            return allowed < 0;
        }

        private int count(int read) throws IOException {
            total += Math.max(0, read);
            allowed -= Math.max(0, read);
            if (allowed < 0) {
                throw new IOException("more than is allowed");
            }
            return read;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            return count(super.read(target, from, length));
        }

        @Override
        public long skip(long wanted) throws IOException {
            long skipped = super.skip(wanted);
            allowed -= skipped;
            total += skipped;
            if (allowed < 0) {
                throw new IOException("more than is allowed");
            }
            return skipped;
        }
    }
}
