package io.github.hiera4j.media.video;

/**
 * Converts luma and chroma of still pictures to RGB with the fixed-point arithmetic of libyuv, which Pillow's AVIF decoder uses:
 * subsampled chroma is interpolated linearly, and products have six fractional bits.
 *
 * @param blueOfU weight of U in blue, in 1/64
 * @param greenOfU weight of U subtracted from green, in 1/64
 * @param greenOfV weight of V subtracted from green, in 1/64
 * @param redOfV weight of V in red, in 1/64
 * @param luma weight of Y, in 1/64 of 1/0x10000 of 0x101
 * @param bias constant added to all, in 1/64; it provides rounding, and maps black to 0
 */
record PlanarColour(int blueOfU, int greenOfU, int greenOfV, int redOfV, int luma, int bias) {
    /** ITU-R BT.601, with full range (0 to 255) and limited range (16 to 235). */
    static final PlanarColour BT601_FULL = new PlanarColour(113, 22, 46, 90, 16320, 32);

    static final PlanarColour BT601_LIMITED = new PlanarColour(128, 25, 52, 102, 18997, -1160);

    /** ITU-R BT.709. */
    static final PlanarColour BT709_FULL = new PlanarColour(119, 12, 30, 101, 16320, 32);

    static final PlanarColour BT709_LIMITED = new PlanarColour(128, 14, 34, 115, 18997, -1160);

    /** ITU-R BT.2020. */
    static final PlanarColour BT2020_FULL = new PlanarColour(120, 11, 37, 94, 16320, 32);

    static final PlanarColour BT2020_LIMITED = new PlanarColour(128, 12, 42, 107, 19003, -1160);

    /** One plane of 8-bit samples without gaps between its rows. */
    record Plane(int width, int height, byte[] samples) {
        int at(int x, int y) {
            return samples[y * width + x] & 0xff;
        }
    }

    /** Returns the RGB pixels of one picture, {@code [height, width, 3]}; chroma planes have the size of the luma plane or half of it. */
    byte[] convert(Plane y, Plane u, Plane v) {
        byte[] rgb = new byte[Math.multiplyExact(y.width() * 3, y.height())];
        int[] rowOfU = new int[y.width()];
        int[] rowOfV = new int[y.width()];
        int to = 0;
        for (int row = 0; row < y.height(); row++) {
            interpolate(u, y, row, rowOfU);
            interpolate(v, y, row, rowOfV);
            for (int x = 0; x < y.width(); x++) {
                int light = ((y.at(x, row) * 0x101 * luma) >>> 16) + bias;
                int blueness = rowOfU[x] - 128;
                int redness = rowOfV[x] - 128;
                rgb[to++] = (byte) clip(light + redness * redOfV);
                rgb[to++] = (byte) clip(light - blueness * greenOfU - redness * greenOfV);
                rgb[to++] = (byte) clip(light + blueness * blueOfU);
            }
        }
        return rgb;
    }

    private static int clip(int sixtyFourths) {
        return Math.max(0, Math.min(255, sixtyFourths >> 6));
    }

    /** Interpolates a row of chroma at the luma's columns, with weights of 3 and 1 for the nearer and the farther sample. */
    private static void interpolate(Plane chroma, Plane luma, int row, int[] target) {
        boolean halfRows = chroma.height() < luma.height();
        boolean halfColumns = chroma.width() < luma.width();
        int near = halfRows ? row / 2 : row;
        boolean edge = row == 0 || (row == luma.height() - 1 && luma.height() % 2 == 0);
        int far = !halfRows || edge ? near : Math.min(chroma.height() - 1, near + (row % 2 == 0 ? -1 : 1));
        for (int x = 0; x < target.length; x++) {
            int column = halfColumns ? x / 2 : x;
            boolean side = x == 0 || x == target.length - 1;
            int other = !halfColumns || side ? column : Math.min(chroma.width() - 1, column + (x % 2 == 0 ? -1 : 1));
            int nearRow = chroma.at(column, near);
            int farRow = chroma.at(column, far);
            if (other == column) {
                target[x] = far == near ? nearRow : (3 * nearRow + farRow + 2) >> 2;
            } else if (far == near) {
                target[x] = (3 * nearRow + chroma.at(other, near) + 2) >> 2;
            } else {
                target[x] = (9 * nearRow + 3 * chroma.at(other, near) + 3 * farRow + chroma.at(other, far) + 8) >> 4;
            }
        }
    }
}
