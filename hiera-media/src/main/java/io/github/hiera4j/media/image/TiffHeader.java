package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.model.HieraException;
import java.nio.ByteOrder;

/** The first directory of a TIFF or BigTIFF file, with numbers by tag; EXIF blocks have the same format. */
final class TiffHeader {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS_PER_SAMPLE = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int FILL_ORDER = 266;
    static final int STRIP_OFFSETS = 273;
    static final int ORIENTATION = 274;
    static final int SAMPLES_PER_PIXEL = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTE_COUNTS = 279;
    static final int PLANAR_CONFIGURATION = 284;
    static final int PREDICTOR = 317;
    static final int COLOUR_MAP = 320;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTE_COUNTS = 325;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;

    private static final int BIG_TIFF = 43;
    private static final long[] NONE = {};

    private final HeaderBytes bytes;
    private final boolean big;
    private final long firstEntry;
    private final long entries;

    private TiffHeader(HeaderBytes bytes) {
        this.bytes = bytes;
        this.big = bytes.unsignedShort(2) == BIG_TIFF;
        long directory = big ? bytes.position(8) : bytes.unsignedInt(4);
        this.entries = big ? bytes.position(directory) : bytes.unsignedShort(directory);
        this.firstEntry = directory + (big ? 8 : 2);
        if (entries > 1 << 16) {
            throw bytes.damaged("a TIFF directory of " + entries + " entries");
        }
    }

    /** Reads the byte order mark and finds the first directory. */
    static TiffHeader parse(HeaderBytes bytes) {
        ByteOrder order = bytes.hasText(0, "II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        return new TiffHeader(bytes.slice(0, bytes.length(), order));
    }

    /** Returns the orientation in an EXIF block; upright if it contains none or cannot be read. */
    static Orientation exifOrientation(HeaderBytes exif) {
        try {
            return parse(exif).orientation();
        } catch (HieraException damagedMetadata) {
            return Orientation.UPRIGHT; // the pixels are valid without it
        }
    }

    ImageHeader imageHeader() {
        long width = value(WIDTH, 0);
        long height = value(HEIGHT, 0);
        long tileWidth = value(TILE_WIDTH, 0);
        long tileHeight = value(TILE_HEIGHT, 0);
        boolean sane = isSide(width) && isSide(height) && isSide(tileWidth) && isSide(tileHeight);
        if (!sane || tileWidth * tileHeight > 1 << 26) {
            throw bytes.damaged("its header claims " + width + " x " + height + " pixels in tiles of " + tileWidth
                    + " x " + tileHeight);
        }
        return new ImageHeader((int) width, (int) height, ImageHeader.Samples.TIFF, orientation());
    }

    private static boolean isSide(long pixels) {
        return pixels >= 0 && pixels <= Integer.MAX_VALUE;
    }

    private Orientation orientation() {
        return Orientation.ofExif((int) value(ORIENTATION, 1));
    }

    boolean littleEndian() {
        return bytes.hasText(0, "II");
    }

    boolean has(int tag) {
        return entry(tag) >= 0;
    }

    /** Returns the first number of a tag, or the default if the tag is absent or empty. */
    long value(int tag, long absent) {
        long[] values = values(tag, 1);
        return values.length == 0 ? absent : values[0];
    }

    /**
     * Returns the unsigned numbers of a tag; empty if it is absent.
     *
     * @param most maximum count of numbers to read
     */
    long[] values(int tag, int most) {
        long entry = entry(tag);
        if (entry < 0) {
            return NONE;
        }
        int type = bytes.unsignedShort(entry + 2);
        int size = sizeOf(type);
        long count = big ? bytes.position(entry + 4) : bytes.unsignedInt(entry + 4);
        long inPlace = entry + (big ? 12 : 8);
        if (size == 0) {
            return NONE;
        }
        boolean fits = count <= (big ? 8 : 4) / size;
        long at = fits ? inPlace : big ? bytes.position(inPlace) : bytes.unsignedInt(inPlace);
        long[] values = new long[(int) Math.min(count, Math.min(most, bytes.length() / size))];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(at + (long) i * size, size);
        }
        return values;
    }

    private long number(long at, int size) {
        return switch (size) {
            case 1 -> bytes.unsignedByte(at);
            case 2 -> bytes.unsignedShort(at);
            case 4 -> bytes.unsignedInt(at);
            default -> bytes.position(at);
        };
    }

    /** Returns the size in bytes of a number of a TIFF type; 0 for types that are not integers. */
    private static int sizeOf(int type) {
        return switch (type) {
            case 1, 6, 7 -> 1;
            case 3, 8 -> 2;
            case 4, 9, 13 -> 4;
            case 16, 17, 18 -> 8;
            default -> 0;
        };
    }

    /** Returns the position of a tag's entry; -1 if there is none. */
    private long entry(int tag) {
        int entryBytes = big ? 20 : 12;
        for (long i = 0; i < entries; i++) {
            long entry = firstEntry + i * entryBytes;
            if (bytes.unsignedShort(entry) == tag) {
                return entry;
            }
        }
        return -1;
    }

    /** Overwrites the value of a tag with one 16-bit number. */
    void overwrite(byte[] file, int tag, int value) {
        long entry = entry(tag);
        if (entry >= 0 && bytes.unsignedShort(entry + 2) == 3) {
            int at = (int) entry + (big ? 12 : 8);
            file[at] = (byte) (littleEndian() ? value : value >> 8);
            file[at + 1] = (byte) (littleEndian() ? value >> 8 : value);
        }
    }
}
