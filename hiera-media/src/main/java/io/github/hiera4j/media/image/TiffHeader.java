package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.model.HieraException;
import java.nio.ByteOrder;

/** The first directory of a TIFF file, which is also what an EXIF block is. */
public final class TiffHeader {
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS_PER_SAMPLE = 258;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;

    private static final int EXTRA_SAMPLES = 338;

    private static final int ASSOCIATED_ALPHA = 1;
    private static final int TYPE_SHORT = 3;
    private static final int ENTRY_BYTES = 12;

    private final HeaderBytes bytes;
    private final long directory;
    private final int entries;

    private TiffHeader(HeaderBytes bytes) {
        this.bytes = bytes;
        this.directory = bytes.unsignedInt(4);
        this.entries = bytes.unsignedShort(directory);
    }

    /** Reads the byte order mark and finds the first directory. */
    static TiffHeader parse(HeaderBytes bytes) {
        ByteOrder order = bytes.hasText(0, "II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        return new TiffHeader(bytes.slice(0, bytes.length(), order));
    }

    /** The orientation an EXIF block states; upright if it states none or cannot be read. */
    static Orientation exifOrientation(HeaderBytes exif) {
        try {
            return Orientation.ofExif((int) parse(exif).value(ORIENTATION, 1));
        } catch (HieraException damagedMetadata) {
            return Orientation.UPRIGHT; // the pixels are fine without it
        }
    }

    ImageHeader imageHeader() {
        long width = value(WIDTH, 0);
        long height = value(HEIGHT, 0);
        long tileWidth = value(TILE_WIDTH, 0);
        long tileHeight = value(TILE_HEIGHT, 0);
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || tileWidth * tileHeight > 1 << 26) {
            throw bytes.damaged("its header claims " + width + " x " + height + " pixels in tiles of " + tileWidth
                    + " x " + tileHeight);
        }
        boolean grey16 = value(SAMPLES_PER_PIXEL, 1) == 1 && value(BITS_PER_SAMPLE, 1) == 16;
        ImageHeader.Samples samples = grey16 ? ImageHeader.Samples.GREY_16 : ImageHeader.Samples.COLOUR;
        return new ImageHeader((int) width, (int) height, samples, Orientation.ofExif((int) value(ORIENTATION, 1)));
    }

    /**
     * A TIFF file is copied and made to say that its rows run upright and its alpha is multiplied in already: libtiff
     * turns some orientations and not others, and would multiply alpha into the colours. Any other file is returned as
     * it is.
     */
    static byte[] asStored(byte[] file, String name) {
        if (!new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN).hasText(0, "II*\0")
                && !new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN).hasText(0, "MM\0*")) {
            return file;
        }
        byte[] plain = file.clone();
        TiffHeader header = parse(new HeaderBytes(name, plain, ByteOrder.BIG_ENDIAN));
        header.overwrite(plain, ORIENTATION, 1);
        header.overwrite(plain, EXTRA_SAMPLES, ASSOCIATED_ALPHA);
        return plain;
    }

    private void overwrite(byte[] file, int tag, int value) {
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + (long) i * ENTRY_BYTES;
            if (bytes.unsignedShort(entry) == tag && bytes.unsignedShort(entry + 2) == TYPE_SHORT) {
                boolean littleEndian = bytes.hasText(0, "II");
                file[(int) entry + (littleEndian ? 8 : 9)] = (byte) value;
                file[(int) entry + (littleEndian ? 9 : 8)] = 0;
            }
        }
    }

    /** The first value of a tag, if it is an unsigned 16 or 32 bit number stored in place; else the default. */
    private long value(int tag, long absent) {
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + (long) i * ENTRY_BYTES;
            if (bytes.unsignedShort(entry) == tag) {
                return bytes.unsignedShort(entry + 2) == TYPE_SHORT
                        ? bytes.unsignedShort(entry + 8)
                        : bytes.unsignedInt(entry + 8);
            }
        }
        return absent;
    }
}
