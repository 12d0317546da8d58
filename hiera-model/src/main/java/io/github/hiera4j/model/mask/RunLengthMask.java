package io.github.hiera4j.model.mask;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.Arrays;

/**
 * A binary mask as COCO stores it: runs of equal pixels in column-major order, beginning with a (possibly empty) run of
 * zeros. Immutable.
 *
 * <p>Two instances with the same pixels may differ in their runs, because files may contain empty runs; {@link #equals}
 * compares runs.
 */
public final class RunLengthMask {
    /** The maximum number of pixels of a mask: 16,384 × 16,384. */
    public static final long MOST_PIXELS = 1L << 28;

    private final int height;
    private final int width;
    private final int[] runs;

    private RunLengthMask(int height, int width, int[] runs) {
        this.height = height;
        this.width = width;
        this.runs = runs;
    }

    /**
     * {@return a mask from its runs}
     *
     * @param height in pixels
     * @param width in pixels
     * @param runs alternating lengths of zeros and ones, column by column; their sum is {@code height * width}
     * @throws HieraException if a run is negative or the runs do not add up to the size
     */
    public static RunLengthMask ofRuns(int height, int width, int... runs) {
        checkSize(height, width);
        long sum = 0;
        for (int run : runs) {
            check(run >= 0, "expected run lengths of at least 0, got %d", run);
            sum += run;
        }
        check(
                sum == (long) height * width,
                "expected runs that add up to height × width = %d, got a sum of %d",
                (long) height * width,
                sum);
        return new RunLengthMask(height, width, runs.clone());
    }

    /** Creates a mask from runs that this package computed. */
    static RunLengthMask trusted(int height, int width, int[] runs) {
        return new RunLengthMask(height, width, runs);
    }

    /**
     * {@return a mask from pixels}
     *
     * @param height in pixels
     * @param width in pixels
     * @param pixels row-major, {@code height * width} values; anything but 0 is foreground
     * @throws HieraException if the number of pixels is wrong
     */
    public static RunLengthMask ofPixels(int height, int width, byte[] pixels) {
        checkSize(height, width);
        check(pixels.length == height * width, "expected %d pixels, got %d", height * width, pixels.length);
        RunBuilder runs = new RunBuilder();
        for (int x = 0; x < width; x++) {
            for (int at = x; at < pixels.length; at += width) {
                runs.append(pixels[at] != 0, 1);
            }
        }
        return new RunLengthMask(height, width, runs.toArray());
    }

    /**
     * {@return an empty mask}
     *
     * @param height in pixels
     * @param width in pixels
     */
    public static RunLengthMask empty(int height, int width) {
        checkSize(height, width);
        return new RunLengthMask(height, width, new int[] {height * width});
    }

    /**
     * Reads the {@code counts} string of a compressed mask.
     *
     * @param height in pixels
     * @param width in pixels
     * @param counts COCO's compressed run lengths
     * @return the mask
     * @throws HieraException if the string is malformed or its runs do not add up to the size
     */
    public static RunLengthMask parse(int height, int width, String counts) {
        checkSize(height, width);
        return ofRuns(height, width, CompressedRuns.decode(counts, (long) height * width));
    }

    static void checkSize(int height, int width) {
        check(
                height >= 1 && width >= 1 && (long) height * width <= MOST_PIXELS,
                "expected a mask of 1 to %d pixels, got %d × %d",
                MOST_PIXELS,
                height,
                width);
    }

    /** {@return the number of rows} */
    public int height() {
        return height;
    }

    /**
     * Returns the number of columns.
     *
     * @return the width
     */
    public int width() {
        return width;
    }

    /** {@return a copy of the run lengths} */
    public int[] runs() {
        return runs.clone();
    }

    /** Returns the runs without copying; callers in this package must not change them. */
    int[] sharedRuns() {
        return runs;
    }

    /** {@return the {@code counts} string of COCO's compressed form} */
    public String compressed() {
        return CompressedRuns.encode(runs);
    }

    /**
     * Returns the pixels in row-major order, 0 or 1.
     *
     * @return the pixels
     */
    public byte[] pixels() {
        byte[] pixels = new byte[height * width];
        int position = 0;
        for (int i = 0; i < runs.length; i++) {
            int end = position + runs[i];
            if (i % 2 == 1) {
                for (int at = position; at < end; at++) {
                    pixels[at % height * width + at / height] = 1;
                }
            }
            position = end;
        }
        return pixels;
    }

    /** {@return the number of foreground pixels} */
    public long area() {
        long area = 0;
        for (int i = 1; i < runs.length; i += 2) {
            area += runs[i];
        }
        return area;
    }

    /**
     * {@return the tight bounding box as {@code x, y, width, height}; zeros for an empty mask} A run that spans several columns counts as
     * full height, as in pycocotools.
     */
    public double[] boundingBox() {
        int left = width;
        int right = -1;
        int top = height;
        int bottom = -1;
        int position = 0;
        for (int i = 0; i < runs.length; i++) {
            int end = position + runs[i];
            if (i % 2 == 1 && runs[i] > 0) {
                int firstColumn = position / height;
                int lastColumn = (end - 1) / height;
                left = Math.min(left, firstColumn);
                right = Math.max(right, lastColumn);
                if (firstColumn < lastColumn) {
                    top = 0;
                    bottom = height - 1;
                } else {
                    top = Math.min(top, position % height);
                    bottom = Math.max(bottom, (end - 1) % height);
                }
            }
            position = end;
        }
        return right < 0 ? new double[4] : new double[] {left, top, right - left + 1, bottom - top + 1};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunLengthMask mask
                && height == mask.height
                && width == mask.width
                && Arrays.equals(runs, mask.runs);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * height + width) + Arrays.hashCode(runs);
    }

    @Override
    public String toString() {
        return "RunLengthMask[" + height + " × " + width + ", " + area() + " pixels]";
    }
}
