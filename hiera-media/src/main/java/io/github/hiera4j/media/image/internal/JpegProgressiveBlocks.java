package io.github.hiera4j.media.image.internal;

import org.jspecify.annotations.Nullable;

/** The codes of the blocks of one progressive scan: some coefficients of each, or one more bit of them. */
final class JpegProgressiveBlocks extends JpegBlocks {
    private final int first;
    private final int last;
    private final boolean refines;
    private final long[] seen;
    private int block;
    private int emptyBlocks;

    /**
     * @param first the first coefficient of the scan
     * @param last the last coefficient of the scan
     * @param refines whether an earlier scan contains the higher bits
     * @param seen one bit for each coefficient of each block that is not 0 after the previous scans; unused for the mean
     */
    JpegProgressiveBlocks(JpegBits bits, int first, int last, boolean refines, long[] seen) {
        super(bits);
        this.first = first;
        this.last = last;
        this.refines = refines;
        this.seen = seen;
    }

    @Override
    void restart() {
        emptyBlocks = 0;
    }

    @Override
    boolean follow(@Nullable JpegCodes direct, @Nullable JpegCodes alternating) {
        if (first == 0) {
            if (refines) {
                bits.read(1);
            }
            return refines || mean(direct);
        }
        boolean sound = alternating != null && (refines ? refine(alternating) : begin(alternating));
        block++;
        return sound;
    }

    private boolean begin(JpegCodes codes) {
        if (emptyBlocks > 0) {
            emptyBlocks--;
            return true;
        }
        int at = first;
        while (at <= last) {
            int symbol = codes.next(bits);
            if (symbol < 0) {
                return false;
            }
            int size = symbol & 15;
            if (size == 0 && symbol >> 4 < ZEROS - 1) {
                emptyBlocks = run(symbol >> 4) - 1;
                return true;
            }
            at += symbol >> 4;
            if (size > 0 && at <= last) {
                seen[block] |= 1L << at;
            }
            bits.skip(size);
            at++;
        }
        return at == last + 1;
    }

    private boolean refine(JpegCodes codes) {
        int at = first;
        while (emptyBlocks == 0 && at <= last) {
            int symbol = codes.next(bits);
            int size = symbol & 15;
            if (symbol < 0 || size > 1) {
                return false;
            }
            if (size == 0 && symbol >> 4 < ZEROS - 1) {
                emptyBlocks = run(symbol >> 4);
                break;
            }
            bits.read(size);
            at = pass(at, symbol >> 4);
            if (size > 0 && at > last) {
                return false;
            }
            if (size > 0) {
                seen[block] |= 1L << at;
            }
            at++;
        }
        if (emptyBlocks > 0) {
            emptyBlocks--;
            pass(at, COEFFICIENTS);
        }
        return true;
    }

    /** Skips a number of zero coefficients, reads a bit for each nonzero one on the way, and returns the next zero coefficient. */
    private int pass(int from, int zeros) {
        int left = zeros;
        int at = from;
        while (at <= last) {
            if ((seen[block] >> at & 1) != 0) {
                bits.read(1);
            } else if (left-- == 0) {
                break;
            }
            at++;
        }
        return at;
    }

    /** Returns the number of blocks without further coefficients, including this one. */
    private int run(int exponent) {
        return (1 << exponent) + (exponent == 0 ? 0 : bits.read(exponent));
    }
}
