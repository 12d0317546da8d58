package io.github.hiera4j.media;

/**
 * The transformation of stored pixels to an upright image: the eight values of the EXIF orientation tag, in its order. The
 * rotations of a video's display matrix are four of them.
 */
public enum Orientation {
    /** Unchanged. */
    UPRIGHT(1, 0, 0, 1),
    /** Mirror left to right. */
    MIRRORED(-1, 0, 0, 1),
    /** Rotate by 180 degrees. */
    ROTATED_180(-1, 0, 0, -1),
    /** Mirror top to bottom. */
    FLIPPED(1, 0, 0, -1),
    /** Mirror at the diagonal from the upper left to the lower right. */
    TRANSPOSED(0, 1, 1, 0),
    /** Rotate by 90 degrees clockwise. */
    ROTATED_90_CLOCKWISE(0, 1, -1, 0),
    /** Mirror at the diagonal from the lower left to the upper right. */
    TRANSVERSED(0, -1, -1, 0),
    /** Rotate by 90 degrees counterclockwise. */
    ROTATED_90_COUNTERCLOCKWISE(0, -1, 1, 0);

    /** Stored x and y steps for one step right and one step down in the upright picture. */
    private final int storedXPerX;

    private final int storedXPerY;
    private final int storedYPerX;
    private final int storedYPerY;

    /**
     * @param storedXPerX change of the stored column when the upright column grows by one
     * @param storedXPerY change of the stored column when the upright row grows by one
     * @param storedYPerX change of the stored row when the upright column grows by one
     * @param storedYPerY change of the stored row when the upright row grows by one
     */
    Orientation(int storedXPerX, int storedXPerY, int storedYPerX, int storedYPerY) {
        this.storedXPerX = storedXPerX;
        this.storedXPerY = storedXPerY;
        this.storedYPerX = storedYPerX;
        this.storedYPerY = storedYPerY;
    }

    /**
     * {@return the orientation of an EXIF tag; values outside 1 to 8 mean upright, as in image viewers}
     *
     * @param tag EXIF's orientation, 1 to 8; others mean upright
     */
    public static Orientation ofExif(int tag) {
        return tag >= 1 && tag <= 8 ? values()[tag - 1] : UPRIGHT;
    }

    /**
     * {@return the orientation of a display matrix in 16.16 fixed point: upright (x, y) = (a·x + c·y, b·x + d·y) of the stored
     * position} A matrix that is not a multiple of a quarter turn (or its mirror image) counts as upright.
     *
     * @param a first row, first column of the matrix
     * @param b first row, second column
     * @param c second row, first column
     * @param d second row, second column
     */
    public static Orientation ofMatrix(int a, int b, int c, int d) {
        for (Orientation orientation : values()) {
            // The inverse of a signed permutation is its transpose.
            if (orientation.storedXPerX == fixedPoint(a)
                    && orientation.storedXPerY == fixedPoint(b)
                    && orientation.storedYPerX == fixedPoint(c)
                    && orientation.storedYPerY == fixedPoint(d)) {
                return orientation;
            }
        }
        return UPRIGHT;
    }

    private static long fixedPoint(int value) {
        return Math.round(value / 65536.0);
    }

    /** {@return whether rows become columns, so that width and height are swapped} */
    public boolean swapsSides() {
        return storedXPerX == 0;
    }

    /**
     * {@return the upright image; the same object if it is already upright}
     *
     * @param stored the image as stored in the file
     */
    public Rgb8Image apply(Rgb8Image stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int storedWidth = stored.width();
        int storedHeight = stored.height();
        int width = swapsSides() ? storedHeight : storedWidth;
        int height = swapsSides() ? storedWidth : storedHeight;
        int startX = storedXPerX + storedXPerY < 0 ? storedWidth - 1 : 0;
        int startY = storedYPerX + storedYPerY < 0 ? storedHeight - 1 : 0;
        int step = Rgb8Image.CHANNELS * (storedXPerX + storedYPerX * storedWidth);
        byte[] source = stored.bytes();
        byte[] upright = new byte[source.length];
        int target = 0;
        for (int y = 0; y < height; y++) {
            int from = Rgb8Image.CHANNELS * (startX + storedXPerY * y + (startY + storedYPerY * y) * storedWidth);
            for (int x = 0; x < width; x++) {
                upright[target] = source[from];
                upright[target + 1] = source[from + 1];
                upright[target + 2] = source[from + 2];
                target += Rgb8Image.CHANNELS;
                from += step;
            }
        }
        return Rgb8Image.wrap(width, height, upright);
    }
}
