package io.github.hiera4j.api.internal;

import io.github.hiera4j.media.Rgb8Image;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/** Converts the pixels of Java's images. */
public final class BufferedImages {
    private BufferedImages() {}

    /** Converts an image to 8-bit RGB, as an image file with the same samples would be read. */
    public static Rgb8Image toRgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            readRow(image, y, row);
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                rgb[at] = (byte) (row[x] >> 16);
                rgb[at + 1] = (byte) (row[x] >> 8);
                rgb[at + 2] = (byte) row[x];
            }
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    /** Returns one row as {@code 0xRRGGBB}. Java interprets grey samples as linear light; in image files they are sRGB. */
    private static void readRow(BufferedImage image, int y, int[] row) {
        int type = image.getType();
        if (type != BufferedImage.TYPE_BYTE_GRAY && type != BufferedImage.TYPE_USHORT_GRAY) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            return;
        }
        Raster raster = image.getRaster();
        raster.getSamples(0, y, row.length, 1, 0, row);
        for (int x = 0; x < row.length; x++) {
            int grey = type == BufferedImage.TYPE_BYTE_GRAY ? row[x] : (row[x] + 128) / 257;
            row[x] = grey * 0x010101;
        }
    }
}
