package io.github.hiera4j.media.video;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the item tables in a file of boxes (ISO/IEC 14496-12, 8.11): {@code iinf} lists the items of a HEIC or AVIF file and {@code
 * iloc} their positions. FFmpeg 8.0 dereferences a null pointer, which ends the process, if a listed item has no bytes, so both
 * tables are compared before FFmpeg opens the file.
 */
final class ItemTables {
    private static final int MOST_BOXES = 1 << 16;
    private static final int LARGEST_TABLE = 4 << 20;
    private static final int WINDOW = 1 << 20;

    private static final int META = tag("meta");
    private static final int ITEM_DATA = tag("idat");
    private static final int ITEM_NAMES = tag("iinf");
    private static final int ITEM_NAME = tag("infe");
    private static final int IDENTITY = tag("iden");
    private static final int ITEM_PLACES = tag("iloc");
    private static final Set<Integer> PAYLOAD = Set.of(tag("mdat"), tag("free"), tag("skip"), tag("wide"));

    private final FileChannel file;
    private int boxes;

    private ItemTables(FileChannel file) {
        this.file = file;
    }

    /** A box: its content begins at {@code start}. */
    private record Box(int tag, long start, long end) {}

    /** A fault that makes a file unreadable. */
    private static final class Contradiction extends Exception {
        private static final long serialVersionUID = 1;

        Contradiction(String message) {
            super(message);
        }
    }

    private static int tag(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }

    /** Returns the fault in the tables of a file; empty if they are consistent or absent. */
    static Optional<String> fault(Path path) {
        try (FileChannel file = FileChannel.open(path)) {
            new ItemTables(file).check();
            return Optional.empty();
        } catch (Contradiction fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        } catch (IOException | BufferUnderflowException cutShort) {
            return Optional.of("it is cut short");
        }
    }

    private void check() throws Contradiction, IOException {
        long end = file.size();
        boolean seen = false;
        for (long at = 0; at + 8 <= end; ) {
            Box box = box(at, end);
            if (box == null) {
                return;
            }
            if (box.tag() == META) {
                if (seen) {
                    throw new Contradiction("it has two lists of items");
                }
                seen = true;
                checkItems(box);
            } else if (!PAYLOAD.contains(box.tag())) {
                refuseTablesIn(box.start(), Math.min(box.end(), end));
            }
            at = box.end();
        }
    }

    /** Returns the box at a position, which may extend beyond the file; null for an impossible size, at which FFmpeg also stops. */
    private @Nullable Box box(long at, long end) throws Contradiction, IOException {
        if (++boxes > MOST_BOXES) {
            throw new Contradiction("it has more than " + MOST_BOXES + " boxes");
        }
        ByteBuffer head = read(at, 8);
        long size = head.getInt() & 0xffffffffL;
        int tag = head.getInt();
        long start = at + 8;
        if (size == 1) {
            size = read(start, 8).getLong();
            start += 8;
        } else if (size == 0) {
            size = end - at;
        }
        return size < start - at || at + size < at ? null : new Box(tag, start, at + size);
    }

    private void checkItems(Box meta) throws Contradiction, IOException {
        if (meta.end() > file.size()) {
            throw new Contradiction("its list of items is cut short");
        }
        @Nullable Box names = null;
        @Nullable Box places = null;
        boolean quickTime =
                meta.start() + 8 <= meta.end() && read(meta.start() + 4, 4).getInt() == tag("hdlr");
        for (long at = meta.start() + (quickTime ? 0 : 4); at + 8 <= meta.end(); ) {
            Box box = box(at, meta.end());
            if (box == null || box.end() > meta.end()) {
                throw new Contradiction("its list of items is cut short");
            }
            if (box.tag() == ITEM_NAMES) {
                names = only(names, box);
            } else if (box.tag() == ITEM_PLACES) {
                places = only(places, box);
            } else if (box.tag() != ITEM_DATA) {
                refuseTablesIn(box.start(), box.end());
            }
            at = box.end();
        }
        if (names != null || places != null) {
            compare(names == null ? Set.of() : named(names), places == null ? Set.of() : placed(places));
        }
    }

    private static Box only(@Nullable Box earlier, Box box) throws Contradiction {
        if (earlier != null) {
            throw new Contradiction("it has two lists of items");
        }
        return box;
    }

    private static void compare(Set<Long> named, Set<Long> placed) throws Contradiction {
        if (!placed.containsAll(named)) {
            throw new Contradiction("it names items that have no bytes");
        }
    }

    /** Returns the identifiers of the items in {@code iinf}, except derived items without their own bytes. */
    private Set<Long> named(Box box) throws Contradiction, IOException {
        ByteBuffer table = table(box);
        int version = table.getInt() >>> 24;
        long count = version == 0 ? table.getShort() & 0xffff : table.getInt() & 0xffffffffL;
        int identities = 0;
        Set<Long> items = new HashSet<>();
        for (long i = 0; i < count; i++) {
            int start = table.position();
            int size = table.getInt();
            int tag = table.getInt();
            int entry = table.getInt() >>> 24;
            if (tag != ITEM_NAME || entry < 2 || size < 20 || size > table.limit() - start) {
                throw new Contradiction("item " + i + " of its list cannot be read");
            }
            long item = entry == 2 ? table.getShort() & 0xffffL : table.getInt() & 0xffffffffL;
            table.getShort(); // protection
            if (table.getInt() == IDENTITY) {
                identities++;
            } else {
                items.add(item);
            }
            table.position(start + size);
        }
        if (items.size() + identities != count) {
            throw new Contradiction("two of its items have the same number");
        }
        return items;
    }

    /** Returns the identifiers of the items with bytes in {@code iloc}. */
    private Set<Long> placed(Box box) throws Contradiction, IOException {
        ByteBuffer table = table(box);
        int version = table.getInt() >>> 24;
        int sizes = table.getShort();
        int beforeLength = (sizes >> 12 & 15) + (version == 0 ? 0 : sizes & 15);
        int lengthBytes = sizes >> 8 & 15;
        long count = version < 2 ? table.getShort() & 0xffff : table.getInt() & 0xffffffffL;
        Set<Long> items = new HashSet<>();
        for (long i = 0; i < count; i++) {
            long item = version < 2 ? table.getShort() & 0xffffL : table.getInt() & 0xffffffffL;
            skip(table, (version == 0 ? 2 : 4) + (sizes >> 4 & 15));
            int extents = table.getShort() & 0xffff;
            boolean filled = extents > 0;
            for (int extent = 0; extent < extents; extent++) {
                skip(table, beforeLength);
                long length = number(table, lengthBytes);
                filled &= length > 0 && length <= Integer.MAX_VALUE;
            }
            if (filled) {
                items.add(item);
            }
        }
        return items;
    }

    private static long number(ByteBuffer table, int bytes) {
        return switch (bytes) {
            case 4 -> table.getInt() & 0xffffffffL;
            case 8 -> table.getLong();
            default -> 0; // FFmpeg cannot read it, or reads 0
        };
    }

    private static void skip(ByteBuffer table, int bytes) throws EOFException {
        if (bytes > table.remaining()) {
            throw new EOFException();
        }
        table.position(table.position() + bytes);
    }

    private ByteBuffer table(Box box) throws Contradiction, IOException {
        long length = box.end() - box.start();
        if (length > LARGEST_TABLE) {
            throw new Contradiction("its list of items has " + length + " bytes");
        }
        return read(box.start(), (int) length);
    }

    /** Rejects these tables outside the file's own list, because FFmpeg reads them wherever it finds them. */
    private void refuseTablesIn(long start, long end) throws Contradiction, IOException {
        for (long at = start; at + 8 <= end; at += WINDOW - 7) {
            ByteBuffer window = read(at, (int) Math.min(WINDOW, end - at));
            for (int i = 4; i + 4 <= window.limit(); i++) {
                if (window.get(i) == 'i') {
                    int tag = window.getInt(i);
                    long size = window.getInt(i - 4) & 0xffffffffL;
                    if ((tag == ITEM_NAMES || tag == ITEM_PLACES) && size >= 8 && at + i - 4 + size <= end) {
                        throw new Contradiction("it has a list of items in a wrong place");
                    }
                }
            }
        }
    }

    private ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }
}
