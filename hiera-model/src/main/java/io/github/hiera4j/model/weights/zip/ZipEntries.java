package io.github.hiera4j.model.weights.zip;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.MappedFile;
import io.github.hiera4j.model.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads ranges of zip entries: stored ones in place, deflated ones only as far as the range needs. */
public final class ZipEntries {
    private static final int PIECE = 1 << 19;
    private static final int SKIP_BYTES = 1 << 16;

    /** Bytes that may be unpacked, skipped ones included: the same entry can be read from many places. */
    private static final long ALWAYS_ALLOWED = 256L << 20;

    private static final long MOST_TIMES_LARGER = 100;

    private final MappedFile file;
    private final ZipDirectory directory;
    private final AtomicLong unpacked = new AtomicLong();

    public ZipEntries(MappedFile file, ZipDirectory directory) {
        this.file = file;
        this.directory = directory;
    }

    /** A whole small entry, its checksum verified. */
    public ByteBuffer readWhole(ZipDirectory.Entry entry, long limit) {
        check(
                entry.size() <= limit,
                "%s: entry '%s' unpacks to %d bytes, more than the %d that are allowed",
                file.path(),
                Printable.of(entry.name()),
                entry.size(),
                limit);
        ByteBuffer bytes = read(entry, 0, entry.size());
        CRC32 checksum = new CRC32();
        checksum.update(bytes.duplicate());
        check(
                checksum.getValue() == entry.crc(),
                "%s: damaged: entry '%s' has a wrong checksum",
                file.path(),
                Printable.of(entry.name()));
        return bytes;
    }

    /** Reads an entry once, piece by piece, and compares its checksum. */
    public void verify(ZipDirectory.Entry entry) {
        CRC32 checksum = new CRC32();
        int step = entry.method() == ZipDirectory.STORED ? PIECE : Integer.MAX_VALUE;
        for (long offset = 0; offset < entry.size(); offset += step) {
            checksum.update(read(entry, offset, Math.min(step, entry.size() - offset)));
        }
        check(
                checksum.getValue() == entry.crc(),
                "%s: damaged: entry '%s' has a wrong checksum",
                file.path(),
                Printable.of(entry.name()));
    }

    /** Some bytes of an entry's content. */
    public ByteBuffer read(ZipDirectory.Entry entry, long offset, long length) {
        check(
                offset >= 0 && length >= 0 && length <= entry.size() - offset,
                "%s: entry '%s' has %d bytes, bytes %d to %d are needed",
                file.path(),
                Printable.of(entry.name()),
                entry.size(),
                offset,
                offset + length);
        long start = directory.dataOffset(entry);
        return entry.method() == ZipDirectory.STORED
                ? file.read(start + offset, length)
                : inflate(entry, file.read(start, entry.compressedSize()), offset, length);
    }

    private ByteBuffer inflate(ZipDirectory.Entry entry, ByteBuffer compressed, long offset, long length) {
        check(length <= Integer.MAX_VALUE, "%s: one piece of %d bytes is more than 2 GiB", file.path(), length);
        long allowed = ALWAYS_ALLOWED + MOST_TIMES_LARGER * file.size();
        check(
                unpacked.addAndGet(offset + length) <= allowed,
                "%s: refused: reading it unpacks more than %d bytes, %d times its size",
                file.path(),
                allowed,
                allowed / Math.max(1, file.size()));
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(compressed);
            ByteBuffer skipped = ByteBuffer.allocate(SKIP_BYTES);
            for (long left = offset; left > 0; left -= skipped.position()) {
                fill(entry, inflater, skipped.clear().limit((int) Math.min(left, SKIP_BYTES)));
            }
            ByteBuffer content = ByteBuffer.allocateDirect((int) length).order(ByteOrder.LITTLE_ENDIAN);
            fill(entry, inflater, content);
            return content.flip();
        } catch (DataFormatException e) {
            throw new HieraException(
                    file.path() + ": damaged: entry '" + Printable.of(entry.name()) + "' does not unpack", e);
        } finally {
            inflater.end();
        }
    }

    private void fill(ZipDirectory.Entry entry, Inflater inflater, ByteBuffer target) throws DataFormatException {
        while (target.hasRemaining()) {
            int count = inflater.inflate(target);
            check(
                    count > 0,
                    "%s: damaged: entry '%s' unpacks to fewer bytes than it says",
                    file.path(),
                    Printable.of(entry.name()));
        }
    }
}
