package io.github.hiera4j.media.image.internal;

import org.jspecify.annotations.Nullable;

/** The codes of the blocks of one sequential scan. */
class JpegBlocks {
    static final int COEFFICIENTS = 64;
    static final int ZEROS = 16;
    private static final int LONGEST_DIFFERENCE = 15;

    final JpegBits bits;

    JpegBlocks(JpegBits bits) {
        this.bits = bits;
    }

    /** Resets the state between blocks. */
    void restart() {}

    /** Reads the next block; returns false if its codes are invalid. */
    boolean follow(@Nullable JpegCodes direct, @Nullable JpegCodes alternating) {
        return mean(direct) && rest(alternating);
    }

    /** Reads the difference of the mean from the previous block. */
    final boolean mean(@Nullable JpegCodes codes) {
        int size = codes == null ? -1 : codes.next(bits);
        bits.skip(Math.max(0, size));
        return size >= 0 && size <= LONGEST_DIFFERENCE;
    }

    private boolean rest(@Nullable JpegCodes codes) {
        int at = 1;
        while (at < COEFFICIENTS) {
            int symbol = codes == null ? -1 : codes.next(bits);
            if (symbol < 0) {
                return false;
            }
            int size = symbol & 15;
            if (size == 0 && symbol >> 4 < ZEROS - 1) {
                return true; // the rest is 0
            }
            at += (symbol >> 4) + 1;
            bits.skip(size);
        }
        return at == COEFFICIENTS;
    }
}
