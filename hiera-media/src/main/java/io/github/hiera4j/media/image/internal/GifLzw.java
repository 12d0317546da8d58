package io.github.hiera4j.media.image.internal;

/** GIF's variable-width LZW: codes of up to 12 bits, least significant bit first. */
public final class GifLzw {
    private static final int LARGEST_TABLE = 1 << 12;

    private final byte[] codes;
    private final int firstWidth;
    private final int[] prefix = new int[LARGEST_TABLE];
    private final byte[] suffix = new byte[LARGEST_TABLE];
    private final byte[] reversed = new byte[LARGEST_TABLE];
    private final byte[] pixels;
    private int written;
    private int bitPosition;

    private GifLzw(int rootBits, byte[] codes, int pixels) {
        this.codes = codes;
        this.firstWidth = rootBits + 1;
        this.pixels = new byte[pixels];
    }

    /**
     * Unpacks all palette indices of the frame.
     *
     * @throws io.github.hiera4j.model.HieraException if the codes are invalid or end too early
     */
    public static byte[] decode(HeaderBytes source, int rootBits, byte[] codes, int pixels) {
        if (rootBits < 1 || rootBits > 8) {
            throw source.damaged("a GIF picture of " + rootBits + " bits per pixel");
        }
        GifLzw lzw = new GifLzw(rootBits, codes, pixels);
        if (!lzw.run(1 << rootBits)) {
            throw source.damaged("the packed pixels of a GIF file end early or are invalid");
        }
        return lzw.pixels;
    }

    private boolean run(int clear) {
        int next = clear + 2;
        int width = firstWidth;
        int previous = -1;
        int firstByte = 0;
        while (written < pixels.length) {
            int code = readCode(width);
            if (code < 0 || code == clear + 1) {
                return false;
            }
            if (code == clear) {
                next = clear + 2;
                width = firstWidth;
                previous = -1;
                continue;
            }
            if (code > next || (code == next && previous < 0)) {
                return false;
            }
            boolean unknown = code == next; // the string being built: the previous one plus its first byte
            int repeated = firstByte;
            firstByte = expand(unknown ? previous : code, clear);
            if (unknown) {
                put((byte) repeated);
            }
            if (previous >= 0 && next < LARGEST_TABLE) {
                prefix[next] = previous;
                suffix[next++] = (byte) firstByte;
            }
            if (next == 1 << width && width < 12) {
                width++;
            }
            previous = code;
        }
        return true;
    }

    /** Writes the string of a code and returns its first byte. */
    private int expand(int code, int clear) {
        int length = 0;
        int at = code;
        while (at > clear) {
            reversed[length++] = suffix[at];
            at = prefix[at];
        }
        put((byte) at);
        while (length > 0) {
            put(reversed[--length]);
        }
        return at;
    }

    private void put(byte index) {
        if (written < pixels.length) {
            pixels[written++] = index;
        }
    }

    private int readCode(int width) {
        int code = 0;
        for (int bit = 0; bit < width; bit++) {
            int at = bitPosition >> 3;
            if (at >= codes.length) {
                return -1;
            }
            code |= (codes[at] >> (bitPosition++ & 7) & 1) << bit;
        }
        return code;
    }
}
