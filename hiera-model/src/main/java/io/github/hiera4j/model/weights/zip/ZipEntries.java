package io.github.hiera4j.model.weights.zip;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads ranges of zip entries: deflated ones only as far as the range needs. */
public final class ZipEntries {
    private static final int PIECE_BYTES = 1 << 16;

    /** Maximum number of unpacked bytes, including skipped ones: the same entry can be read from many places. */
    private static final long ALWAYS_ALLOWED = 256L << 20;

    private static final long MOST_TIMES_LARGER = 100;

    private final PositionedFile file;
    private final ZipDirectory directory;
    private final AtomicLong unpacked = new AtomicLong();

    /**
     * Creates a reader for the entries of a zip file.
     *
     * @param file the file
     * @param directory the directory of the file
     */
    public ZipEntries(PositionedFile file, ZipDirectory directory) {
        this.file = file;
        this.directory = directory;
    }

    /**
     * {@return the content of a small entry, with its checksum verified}
     *
     * @param entry an entry of the directory
     * @param limit maximum number of bytes
     */
    public ByteBuffer readWhole(ZipDirectory.Entry entry, long limit) {
        check(
                entry.size() <= limit,
                "%s: entry '%s' unpacks to %d bytes, more than the %d that are allowed",
                file.path(),
                Printable.of(entry.name()),
                entry.size(),
                limit);
        ByteBuffer bytes = ByteBuffer.allocate((int) entry.size()).order(ByteOrder.LITTLE_ENDIAN);
        readInto(entry, 0, bytes);
        bytes.flip();
        CRC32 checksum = new CRC32();
        checksum.update(bytes.duplicate());
        check(
                checksum.getValue() == entry.crc(),
                "%s: damaged: entry '%s' has a wrong checksum",
                file.path(),
                Printable.of(entry.name()));
        return bytes;
    }

    /**
     * Reads an entry once, in chunks, and verifies its checksum.
     *
     * @param entry an entry of the directory
     */
    public void verify(ZipDirectory.Entry entry) {
        CRC32 checksum = new CRC32();
        int step = entry.method() == ZipDirectory.STORED ? PIECE_BYTES : Integer.MAX_VALUE;
        for (long offset = 0; offset < entry.size(); offset += step) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(step, entry.size() - offset));
            readInto(entry, offset, piece);
            checksum.update(piece.flip());
        }
        check(
                checksum.getValue() == entry.crc(),
                "%s: damaged: entry '%s' has a wrong checksum",
                file.path(),
                Printable.of(entry.name()));
    }

    /**
     * Copies bytes of an entry's content to a buffer, from the buffer's position to its limit.
     *
     * @param entry an entry of the directory
     * @param offset bytes from the start
     * @param target filled from its position to its limit
     */
    public void readInto(ZipDirectory.Entry entry, long offset, ByteBuffer target) {
        check(
                offset >= 0 && target.remaining() <= entry.size() - offset,
                "%s: entry '%s' has %d bytes, but bytes %d to %d are needed",
                file.path(),
                Printable.of(entry.name()),
                entry.size(),
                offset,
                offset + target.remaining());
        long start = directory.dataOffset(entry);
        if (entry.method() == ZipDirectory.STORED) {
            file.readInto(start + offset, target);
        } else {
            inflate(entry, new Compressed(start, entry.compressedSize()), offset, target);
        }
    }

    /** The compressed bytes of an entry, supplied in chunks. */
    private final class Compressed {
        private long position;
        private long left;

        Compressed(long position, long left) {
            this.position = position;
            this.left = left;
        }

        ByteBuffer next() {
            long length = Math.min(left, PIECE_BYTES);
            ByteBuffer piece = file.read(position, length);
            position += length;
            left -= length;
            return piece;
        }
    }

    private void inflate(ZipDirectory.Entry entry, Compressed compressed, long offset, ByteBuffer target) {
        long allowed = ALWAYS_ALLOWED + MOST_TIMES_LARGER * file.size();
        check(
                unpacked.addAndGet(offset + target.remaining()) <= allowed,
                "%s: refused: reading it unpacks more than %d bytes, %d times its size",
                file.path(),
                allowed,
                allowed / Math.max(1, file.size()));
        Inflater inflater = new Inflater(true);
        try {
            ByteBuffer skipped = ByteBuffer.allocate(PIECE_BYTES);
            for (long left = offset; left > 0; left -= skipped.position()) {
                fill(entry, inflater, compressed, skipped.clear().limit((int) Math.min(left, PIECE_BYTES)));
            }
            fill(entry, inflater, compressed, target);
        } catch (DataFormatException e) {
            throw new HieraException(
                    file.path() + ": damaged: entry '" + Printable.of(entry.name()) + "' cannot be unpacked", e);
        } finally {
            inflater.end();
        }
    }

    private void fill(ZipDirectory.Entry entry, Inflater inflater, Compressed compressed, ByteBuffer target)
            throws DataFormatException {
        while (target.hasRemaining()) {
            if (inflater.needsInput()) {
                inflater.setInput(compressed.next());
            }
            int count = inflater.inflate(target);
            check(
                    count > 0 || (inflater.needsInput() && compressed.left > 0),
                    "%s: damaged: entry '%s' unpacks to fewer bytes than stated",
                    file.path(),
                    Printable.of(entry.name()));
        }
    }
}
