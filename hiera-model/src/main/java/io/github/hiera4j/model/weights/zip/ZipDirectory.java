package io.github.hiera4j.model.weights.zip;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.io.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The central directory of a zip file (including zip64), for reading stored entries in place.
 *
 * <p>Source: the .ZIP application note, sections 4.3 and 4.5. Nothing is ever extracted to a file.
 */
public final class ZipDirectory {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int LOCAL_SIGNATURE = 0x04034b50;

    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long MOST_ENTRIES = 200_000;
    private static final long LARGEST_DIRECTORY = 64L << 20;
    private static final long UNSIGNED_INT = 0xffff_ffffL;

    /** One file of the archive; sizes in bytes. */
    public record Entry(String name, int method, long crc, long compressedSize, long size, long headerOffset) {}

    private record Bounds(long entries, long size, long offset) {}

    private final PositionedFile file;
    private final Path path;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long directoryOffset;

    private ZipDirectory(PositionedFile file) {
        this.file = file;
        this.path = file.path();
    }

    /**
     * {@return the central directory of a zip file, checked against the file's size}
     *
     * @param file the file
     */
    public static ZipDirectory read(PositionedFile file) {
        ZipDirectory directory = new ZipDirectory(file);
        directory.readEntries(directory.findDirectory());
        return directory;
    }

    /** {@return all entries by name} */
    public Map<String, Entry> entries() {
        return entries;
    }

    /**
     * {@return where an entry's (compressed) bytes begin in the file}
     *
     * @param entry an entry of this directory
     */
    public long dataOffset(Entry entry) {
        check(
                entry.headerOffset() >= 0 && entry.headerOffset() <= directoryOffset - 30,
                "%s: damaged zip: entry '%s' begins outside the file",
                path,
                Printable.of(entry.name()));
        ByteBuffer header = file.read(entry.headerOffset(), 30);
        check(
                header.getInt(0) == LOCAL_SIGNATURE,
                "%s: damaged zip: entry '%s' has no header",
                path,
                Printable.of(entry.name()));
        long offset = entry.headerOffset() + 30 + unsignedShort(header, 26) + unsignedShort(header, 28);
        check(
                entry.compressedSize() <= directoryOffset - offset,
                "%s: truncated or damaged zip: entry '%s' reaches beyond the entries",
                path,
                Printable.of(entry.name()));
        return offset;
    }

    private Bounds findDirectory() {
        long tail = Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
        ByteBuffer end = file.read(file.size() - tail, tail);
        for (int position = (int) tail - END_BYTES; position >= 0; position--) {
            if (end.getInt(position) == END_SIGNATURE
                    && position + END_BYTES + unsignedShort(end, position + 20) == tail) {
                return bounds(end, position, file.size() - tail + position);
            }
        }
        throw new HieraException(path + ": truncated zip: its central directory is missing; fetch the file again");
    }

    private Bounds bounds(ByteBuffer end, int position, long endOffset) {
        long count = unsignedShort(end, position + 10);
        long size = end.getInt(position + 12) & UNSIGNED_INT;
        long offset = end.getInt(position + 16) & UNSIGNED_INT;
        Bounds bounds = new Bounds(count, size, offset);
        long limit = endOffset;
        if (count == 0xffff || size == UNSIGNED_INT || offset == UNSIGNED_INT) {
            check(endOffset >= 20, "%s: damaged zip64 directory", path);
            ByteBuffer locator = file.read(endOffset - 20, 20);
            check(locator.getInt(0) == END64_LOCATOR_SIGNATURE, "%s: damaged zip64 directory", path);
            limit = locator.getLong(8);
            ByteBuffer end64 = file.read(limit, 56);
            check(end64.getInt(0) == END64_SIGNATURE, "%s: damaged zip64 directory", path);
            bounds = new Bounds(end64.getLong(32), end64.getLong(40), end64.getLong(48));
        }
        check(
                bounds.entries() >= 0 && bounds.entries() <= MOST_ENTRIES,
                "%s: a zip of %s entries",
                path,
                bounds.entries());
        boolean inside = bounds.offset() >= 0 && bounds.size() >= 0 && bounds.offset() <= limit - bounds.size();
        check(
                inside && bounds.size() <= LARGEST_DIRECTORY,
                "%s: damaged zip: its directory lies outside the file",
                path);
        return bounds;
    }

    private void readEntries(Bounds bounds) {
        directoryOffset = bounds.offset();
        ByteBuffer directory = file.read(bounds.offset(), bounds.size());
        for (long i = 0; i < bounds.entries(); i++) {
            check(
                    directory.remaining() >= 46 && directory.getInt(directory.position()) == ENTRY_SIGNATURE,
                    "%s: damaged zip: entry %d of its directory is broken",
                    path,
                    i);
            Entry entry = readEntry(directory);
            check(
                    entries.put(entry.name(), entry) == null,
                    "%s: the zip names '%s' twice",
                    path,
                    Printable.of(entry.name()));
        }
    }

    private Entry readEntry(ByteBuffer directory) {
        int start = directory.position();
        int nameLength = unsignedShort(directory, start + 28);
        int extraLength = unsignedShort(directory, start + 30);
        int next = 46 + nameLength + extraLength + unsignedShort(directory, start + 32);
        check(directory.remaining() >= next, "%s: damaged zip: an entry of its directory is truncated", path);
        byte[] name = new byte[nameLength];
        directory.get(start + 46, name);
        String text = checkedName(new String(name, StandardCharsets.UTF_8));
        ByteBuffer extra = directory.slice(start + 46 + nameLength, extraLength).order(directory.order());
        check(
                (directory.getShort(start + 8) & 1) == 0,
                "%s: entry '%s' of the zip is encrypted",
                path,
                Printable.of(text));
        Entry entry = withZip64(
                extra,
                new Entry(
                        text,
                        unsignedShort(directory, start + 10),
                        directory.getInt(start + 16) & UNSIGNED_INT,
                        directory.getInt(start + 20) & UNSIGNED_INT,
                        directory.getInt(start + 24) & UNSIGNED_INT,
                        directory.getInt(start + 42) & UNSIGNED_INT));
        checkSizes(entry);
        directory.position(start + next);
        return entry;
    }

    private Entry withZip64(ByteBuffer extra, Entry entry) {
        while (extra.remaining() >= 4) {
            int id = Short.toUnsignedInt(extra.getShort());
            int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
            ByteBuffer field = extra.slice(extra.position(), length).order(extra.order());
            if (id == 1) {
                long size = wide(field, entry.size());
                long compressedSize = wide(field, entry.compressedSize());
                long headerOffset = wide(field, entry.headerOffset());
                return new Entry(entry.name(), entry.method(), entry.crc(), compressedSize, size, headerOffset);
            }
            extra.position(extra.position() + length);
        }
        return entry;
    }

    private long wide(ByteBuffer field, long narrow) {
        if (narrow != UNSIGNED_INT) {
            return narrow;
        }
        check(field.remaining() >= 8, "%s: damaged zip64 entry", path);
        return field.getLong();
    }

    private void checkSizes(Entry entry) {
        check(
                entry.method() == STORED || entry.method() == DEFLATED,
                "%s: entry '%s' uses the zip method %d; only stored and deflated entries are supported",
                path,
                Printable.of(entry.name()),
                entry.method());
        check(
                entry.size() >= 0
                        && entry.compressedSize() >= 0
                        && (entry.method() == DEFLATED || entry.size() == entry.compressedSize()),
                "%s: damaged zip: entry '%s' has impossible sizes",
                path,
                Printable.of(entry.name()));
    }

    /** Throws if a name points outside the archive. Names are only looked up, but such a name indicates a malicious file. */
    private String checkedName(String name) {
        String printable = Printable.of(name);
        boolean climbs = name.startsWith("/")
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0
                || java.util.Arrays.asList(name.split("/", -1)).contains("..");
        check(!climbs, "%s: refused: the zip entry '%s' points outside the archive", path, printable);
        return name;
    }

    private static int unsignedShort(ByteBuffer buffer, int position) {
        return Short.toUnsignedInt(buffer.getShort(position));
    }
}
