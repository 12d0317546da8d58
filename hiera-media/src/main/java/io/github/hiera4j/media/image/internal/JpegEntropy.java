package io.github.hiera4j.media.image.internal;

import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Checks the Huffman codes of a JPEG file without computing pixels (ITU-T T.81, annexes F and G). Damage is detected if bits are not a
 * code, a block has more than 64 coefficients, or the data of a scan has more or fewer blocks than expected.
 */
public final class JpegEntropy {
    private static final long[] NONE = {};

    private final byte[] file;
    private final @Nullable JpegCodes[] direct = new @Nullable JpegCodes[4];
    private final @Nullable JpegCodes[] alternating = new @Nullable JpegCodes[4];
    private Component[] components = {};
    private long[][] seen = {};
    private int width;
    private int height;
    private boolean progressive;
    private int restartInterval;

    private record Component(int id, int across, int down) {}

    /** A component as a scan refers to it. */
    private record Reader(
            int index,
            Component component,
            @Nullable JpegCodes direct,
            @Nullable JpegCodes alternating) {}

    /** @param file a whole JPEG file */
    public JpegEntropy(byte[] file) {
        this.file = file;
    }

    /** Records the content of a marker segment, from after its length to its end. */
    public void note(int marker, int from, int end) {
        if (end > file.length) {
            return;
        }
        if (marker == 0xc4) {
            tables(from, end);
        } else if (marker >= 0xc0 && marker <= 0xc2) {
            frame(from, end, marker == 0xc2);
        } else if (marker > 0xc2 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc) {
            components = new Component[0]; // lossless and arithmetic coding are not checked
        } else if (marker == 0xdd && end - from >= 2) {
            restartInterval = unsigned(from) << 8 | unsigned(from + 1);
        }
    }

    private void tables(int from, int end) {
        int at = from;
        while (at + 17 <= end) {
            int place = unsigned(at);
            int[] counts = new int[16];
            for (int i = 0; i < 16; i++) {
                counts[i] = unsigned(at + 1 + i);
            }
            int total = Arrays.stream(counts).sum();
            if (at + 17 + total > end || (place & 15) > 3) {
                return;
            }
            byte[] symbols = Arrays.copyOfRange(file, at + 17, at + 17 + total);
            (place < 16 ? direct : alternating)[place & 3] =
                    JpegCodes.of(counts, symbols).orElse(null);
            at += 17 + total;
        }
    }

    private void frame(int from, int end, boolean isProgressive) {
        components = new Component[0];
        if (end - from < 6 || end - from < 6 + 3 * unsigned(from + 5) || unsigned(from) != 8) {
            return;
        }
        height = unsigned(from + 1) << 8 | unsigned(from + 2);
        width = unsigned(from + 3) << 8 | unsigned(from + 4);
        progressive = isProgressive;
        Component[] read = new Component[unsigned(from + 5)];
        for (int i = 0; i < read.length; i++) {
            int at = from + 6 + 3 * i;
            read[i] = new Component(unsigned(at), unsigned(at + 1) >> 4, unsigned(at + 1) & 15);
            if (read[i].across() < 1 || read[i].across() > 4 || read[i].down() < 1 || read[i].down() > 4) {
                return;
            }
        }
        components = read;
        seen = new long[read.length][0];
    }

    /**
     * Returns approximately where the codes of a scan become invalid; empty if they are valid or cannot be checked.
     *
     * @param header the first byte after the length of the scan's header
     * @param data the first byte of its codes
     */
    public OptionalInt scan(int header, int data) {
        Reader[] readers = readers(header, data);
        if (readers.length == 0 || width == 0 || height == 0) {
            return OptionalInt.empty();
        }
        int band = header + 1 + 2 * readers.length;
        int first = progressive ? unsigned(band) : 0;
        int last = progressive ? unsigned(band + 1) : JpegBlocks.COEFFICIENTS - 1;
        boolean refines = progressive && unsigned(band + 2) >> 4 != 0;
        boolean followed = first == 0 || readers.length == 1;
        if (!followed || last >= JpegBlocks.COEFFICIENTS || last < first) {
            return OptionalInt.empty();
        }
        JpegBits bits = new JpegBits(file, data);
        JpegBlocks blocks = progressive
                ? new JpegProgressiveBlocks(bits, first, last, refines, first == 0 ? NONE : seen(readers[0]))
                : new JpegBlocks(bits);
        return follow(readers, bits, blocks);
    }

    /** Returns one bit for each coefficient of each block of a component that earlier scans have set. */
    private long[] seen(Reader reader) {
        long[] blocks = seen[reader.index()];
        if (blocks.length == 0) {
            blocks = new long[Math.toIntExact(blocks(reader.component()))];
            seen[reader.index()] = blocks;
        }
        return blocks;
    }

    private Reader[] readers(int header, int data) {
        int count = unsigned(header);
        if (components.length == 0 || header + 4 + 2 * count > data || count > components.length) {
            return new Reader[0];
        }
        Reader[] readers = new Reader[count];
        for (int i = 0; i < count; i++) {
            int id = unsigned(header + 1 + 2 * i);
            int tables = unsigned(header + 2 + 2 * i);
            for (int c = 0; c < components.length; c++) {
                Component component = components[c];
                if (component.id() == id && (tables >> 4) < 4 && (tables & 15) < 4) {
                    readers[i] = new Reader(c, component, direct[tables >> 4], alternating[tables & 15]);
                }
            }
            if (readers[i] == null) {
                return new Reader[0];
            }
        }
        return readers;
    }

    private OptionalInt follow(Reader[] readers, JpegBits bits, JpegBlocks blocks) {
        long units = readers.length == 1 ? blocks(readers[0].component()) : units();
        for (long unit = 0; unit < units; unit++) {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0) {
                if (bits.overran() || bits.hasLeftOver() || !bits.restart()) {
                    return OptionalInt.of(bits.position());
                }
                blocks.restart();
            }
            for (Reader reader : readers) {
                int count = readers.length == 1
                        ? 1
                        : reader.component().across() * reader.component().down();
                for (int i = 0; i < count; i++) {
                    if (!blocks.follow(reader.direct(), reader.alternating())) {
                        return OptionalInt.of(bits.position());
                    }
                }
            }
            if (bits.overran()) {
                return OptionalInt.of(bits.position());
            }
        }
        return bits.hasLeftOver() ? OptionalInt.of(bits.position()) : OptionalInt.empty();
    }

    private int widest() {
        return Arrays.stream(components).mapToInt(Component::across).max().orElse(1);
    }

    private int tallest() {
        return Arrays.stream(components).mapToInt(Component::down).max().orElse(1);
    }

    /** Returns the number of block groups in a scan of several components. */
    private long units() {
        return (long) divided(width, 8 * widest()) * divided(height, 8 * tallest());
    }

    /** Returns the number of blocks in a scan of one component. */
    private long blocks(Component component) {
        int columns = divided(width * component.across(), widest());
        int rows = divided(height * component.down(), tallest());
        return (long) divided(columns, 8) * divided(rows, 8);
    }

    private static int divided(int number, int by) {
        return (number + by - 1) / by;
    }

    private int unsigned(int at) {
        return at < file.length ? file[at] & 0xff : 0;
    }
}
