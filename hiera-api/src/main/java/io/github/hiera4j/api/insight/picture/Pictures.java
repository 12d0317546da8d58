package io.github.hiera4j.api.insight.picture;

import io.github.hiera4j.media.Rgb8Image;

/** Creates pictures from numbers and from other pictures. */
public final class Pictures {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    private Pictures() {}

    /**
     * Returns a grid in colours.
     *
     * @param grid one number per pixel
     * @param scale converts numbers to colours
     * @return the picture
     */
    public static Rgb8Image coloured(Grid grid, Scale scale) {
        byte[] rgb = new byte[grid.values().length * CHANNELS];
        for (int i = 0; i < grid.values().length; i++) {
            put(rgb, i, scale.rgb(grid.values()[i]));
        }
        return Rgb8Image.wrap(grid.columns(), grid.rows(), rgb);
    }

    /**
     * Returns a grid in colours over the picture in grey.
     *
     * @param picture the picture
     * @param grid numbers over it; cells become blocks of pixels
     * @param scale converts numbers to colours
     * @param opacity of the colours, 0 to 1
     * @return a picture of the same size
     */
    public static Rgb8Image overlaid(Rgb8Image picture, Grid grid, Scale scale, double opacity) {
        Grid fitted = grid.spread(picture.height(), picture.width());
        byte[] rgb = picture.toByteArray();
        for (int i = 0; i < fitted.values().length; i++) {
            int colour = scale.rgb(fitted.values()[i]);
            double grey = 0.299 * (rgb[i * CHANNELS] & 255)
                    + 0.587 * (rgb[i * CHANNELS + 1] & 255)
                    + 0.114 * (rgb[i * CHANNELS + 2] & 255);
            for (int channel = 0; channel < CHANNELS; channel++) {
                int over = colour >> (16 - 8 * channel) & 255;
                rgb[i * CHANNELS + channel] = (byte) Math.rint(opacity * over + (1 - opacity) * grey);
            }
        }
        return Rgb8Image.wrap(picture.width(), picture.height(), rgb);
    }

    /**
     * Enlarges every pixel to a square of pixels.
     *
     * @param picture the picture
     * @param factor side of the square, 1 or more
     * @return the enlarged picture
     */
    public static Rgb8Image enlarged(Rgb8Image picture, int factor) {
        if (factor == 1) {
            return picture;
        }
        int width = picture.width() * factor;
        int height = picture.height() * factor;
        byte[] source = picture.toByteArray();
        byte[] rgb = new byte[width * height * CHANNELS];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (y / factor * picture.width() + x / factor) * CHANNELS;
                System.arraycopy(source, from, rgb, (y * width + x) * CHANNELS, CHANNELS);
            }
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    /**
     * Repeats every pixel over the part of a larger picture that it represents.
     *
     * @param picture the picture
     * @param height rows of the result
     * @param width columns of the result
     * @return a picture of that size
     */
    public static Rgb8Image spread(Rgb8Image picture, int height, int width) {
        byte[] source = picture.toByteArray();
        byte[] rgb = new byte[width * height * CHANNELS];
        for (int y = 0; y < height; y++) {
            int row = (int) ((long) y * picture.height() / height);
            for (int x = 0; x < width; x++) {
                int from = (row * picture.width() + (int) ((long) x * picture.width() / width)) * CHANNELS;
                System.arraycopy(source, from, rgb, (y * width + x) * CHANNELS, CHANNELS);
            }
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    /**
     * Returns a picture with a white and black cross at a pixel.
     *
     * @param picture the picture
     * @param x from the left
     * @param y from the top
     * @return a copy with the cross
     */
    public static Rgb8Image marked(Rgb8Image picture, int x, int y) {
        byte[] rgb = picture.toByteArray();
        int arm = Math.max(3, Math.min(picture.width(), picture.height()) / 24);
        for (int step = -arm; step <= arm; step++) {
            for (int side = -1; side <= 1; side++) {
                int colour = side == 0 ? 0xffffff : 0;
                dot(rgb, picture, x + step, y + side, colour, side == 0);
                dot(rgb, picture, x + side, y + step, colour, side == 0);
            }
        }
        return Rgb8Image.wrap(picture.width(), picture.height(), rgb);
    }

    private static void dot(byte[] rgb, Rgb8Image picture, int x, int y, int colour, boolean always) {
        if (x < 0 || y < 0 || x >= picture.width() || y >= picture.height()) {
            return;
        }
        int at = (y * picture.width() + x) * CHANNELS;
        boolean isWhite = rgb[at] == -1 && rgb[at + 1] == -1 && rgb[at + 2] == -1;
        if (always || !isWhite) {
            put(rgb, at / CHANNELS, colour);
        }
    }

    static void put(byte[] rgb, int pixel, int colour) {
        rgb[pixel * CHANNELS] = (byte) (colour >> 16);
        rgb[pixel * CHANNELS + 1] = (byte) (colour >> 8);
        rgb[pixel * CHANNELS + 2] = (byte) colour;
    }
}
