package io.github.hiera4j.media.image.internal;

import java.io.IOException;
import java.io.InputStream;

/** TIFF's LZW: codes of 9 to 12 bits, most significant bit first, widened one code early. */
public final class TiffLzw extends InputStream {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST_FREE = 258;
    private static final int TABLE = 1 << 12;

    private final InputStream codes;
    private final short[] prefix = new short[TABLE];
    private final byte[] suffix = new byte[TABLE];
    private final byte[] reversed = new byte[TABLE + 1];
    private int pending; // bytes of the current string still to be returned, at the start of reversed
    private int next = FIRST_FREE;
    private int width = 9;
    private int previous = -1;
    private int firstByte;
    private int bits;
    private int bitCount;

    public TiffLzw(InputStream codes) {
        this.codes = codes;
    }

    @Override
    public int read() throws IOException {
        if (pending == 0 && !expandNext()) {
            return -1;
        }
        return reversed[--pending] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int written = 0;
        while (written < length) {
            if (pending == 0 && !expandNext()) {
                break;
            }
            while (pending > 0 && written < length) {
                target[from + written++] = reversed[--pending];
            }
        }
        return written == 0 && length > 0 ? -1 : written;
    }

    private boolean expandNext() throws IOException {
        int code = readCode();
        while (code == CLEAR) {
            next = FIRST_FREE;
            width = 9;
            previous = -1;
            code = readCode();
        }
        if (code < 0 || code == END) {
            return false;
        }
        if (code > next || (code == next && previous < 0) || (previous < 0 && code >= CLEAR)) {
            throw new IOException("a code that was never defined");
        }
        boolean unknown = code == next; // the string being built: the previous one plus its first byte
        if (unknown) {
            reversed[pending++] = (byte) firstByte;
        }
        int at = unknown ? previous : code;
        while (at >= FIRST_FREE) {
            reversed[pending++] = suffix[at];
            at = prefix[at];
        }
        reversed[pending++] = (byte) at;
        firstByte = at;
        if (previous >= 0 && next < TABLE) {
            prefix[next] = (short) previous;
            suffix[next++] = (byte) firstByte;
        }
        if (next >= (1 << width) - 1 && width < 12) {
            width++;
        }
        previous = code;
        return true;
    }

    private int readCode() throws IOException {
        while (bitCount < width) {
            int octet = codes.read();
            if (octet < 0) {
                return -1;
            }
            bits = (bits << 8) | octet;
            bitCount += 8;
        }
        bitCount -= width;
        return (bits >>> bitCount) & ((1 << width) - 1);
    }
}
