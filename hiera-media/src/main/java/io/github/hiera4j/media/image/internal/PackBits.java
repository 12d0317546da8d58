package io.github.hiera4j.media.image.internal;

import java.io.IOException;
import java.io.InputStream;

/** Decodes PackBits: a count byte, followed by that many literal bytes or by one repeated byte. */
public final class PackBits extends InputStream {
    private final InputStream packed;
    private int literals;
    private int repeats;
    private int repeated;

    public PackBits(InputStream packed) {
        this.packed = packed;
    }

    @Override
    public int read() throws IOException {
        while (literals == 0 && repeats == 0) {
            int count = packed.read();
            if (count < 0) {
                return -1;
            }
            if (count < 128) {
                literals = count + 1;
            } else if (count > 128) { // 128 has no effect
                repeats = 257 - count;
                repeated = packed.read();
            }
        }
        if (repeats > 0) {
            repeats--;
            return repeated;
        }
        literals--;
        return packed.read();
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            int next = read();
            if (next < 0) {
                return i == 0 ? -1 : i;
            }
            target[from + i] = (byte) next;
        }
        return length;
    }
}
