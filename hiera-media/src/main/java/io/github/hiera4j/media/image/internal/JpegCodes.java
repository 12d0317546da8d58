package io.github.hiera4j.media.image.internal;

import java.util.Arrays;
import java.util.Optional;

/** A table of Huffman codes of a JPEG file (ITU-T T.81, annex C). */
final class JpegCodes {
    private static final int FAST_BITS = 9;
    private static final int LONGEST = 16;

    private final byte[] symbols;
    private final short[] fast = new short[1 << FAST_BITS]; // length and symbol; 0 where the code is longer
    private final int[] last = new int[LONGEST + 1]; // the largest code of each length
    private final int[] shift = new int[LONGEST + 1]; // from a code to the index of its symbol

    private JpegCodes(byte[] symbols) {
        this.symbols = symbols;
    }

    /**
     * @param counts number of codes with 1 to 16 bits
     * @param symbols symbols in the order of their codes
     * @return the table; empty if there are more codes of a length than possible
     */
    static Optional<JpegCodes> of(int[] counts, byte[] symbols) {
        JpegCodes codes = new JpegCodes(symbols);
        int code = 0;
        int place = 0;
        Arrays.fill(codes.last, -1);
        for (int length = 1; length <= LONGEST; length++) {
            int count = counts[length - 1];
            if (code + count > 1 << length) {
                return Optional.empty();
            }
            codes.shift[length] = place - code;
            codes.last[length] = count == 0 ? -1 : code + count - 1;
            for (int i = 0; i < count && length <= FAST_BITS; i++) {
                int start = (code + i) << (FAST_BITS - length);
                short entry = (short) (length << 8 | (symbols[place + i] & 0xff));
                Arrays.fill(codes.fast, start, start + (1 << (FAST_BITS - length)), entry);
            }
            place += count;
            code = (code + count) << 1;
        }
        return Optional.of(codes);
    }

    /** Returns the next symbol; -1 if the bits are not a code in this table. */
    int next(JpegBits bits) {
        int ahead = bits.peek();
        int entry = fast[ahead >>> (LONGEST - FAST_BITS)];
        if (entry != 0) {
            bits.skip(entry >>> 8);
            return entry & 0xff;
        }
        for (int length = FAST_BITS + 1; length <= LONGEST; length++) {
            int code = ahead >>> (LONGEST - length);
            if (code <= last[length]) {
                bits.skip(length);
                return symbols[shift[length] + code] & 0xff;
            }
        }
        return -1;
    }
}
