package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * JPEG files of four components: cyan, magenta, yellow and black, or luma, chroma and black.
 *
 * <p>OpenCV converts these with an arithmetic that darkens or brightens by a level; the JDK's own decoder hands out the
 * four components as stored, and the conversion here is {@code (255 - C) * (255 - K) / 255}, rounded. As in Pillow the
 * components count as inverted, the way Adobe writes them.
 */
public final class CmykJpeg {
    private static final int COMPONENTS = 4;

    private CmykJpeg() {}

    static Rgb8Image decode(byte[] file, String name) {
        OpenCvDecoder.colour(file, name); // refuses what is cut short, which the JDK fills up with grey
        Raster raster = readRaster(file, name);
        if (raster.getNumBands() != COMPONENTS) {
            throw new HieraException(name + ": expected 4 colour components, got " + raster.getNumBands());
        }
        boolean ycck =
                JpegHeader.adobeTransform(new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN)) == JpegHeader.ADOBE_YCCK;
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), Rgb8Image.CHANNELS)];
        int[] row = new int[width * COMPONENTS];
        int target = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int from = 0; from < row.length; from += COMPONENTS) {
                if (ycck) {
                    toInvertedCmy(row, from);
                }
                for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
                    rgb[target++] = (byte) multiply(row[from + channel], row[from + 3]);
                }
            }
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    /** Luma and chroma to red, green and blue, inverted: that is what the file holds where K is stored inverted too. */
    private static void toInvertedCmy(int[] row, int at) {
        double luma = row[at];
        double blueness = row[at + 1] - 128.0;
        double redness = row[at + 2] - 128.0;
        row[at] = 255 - clip(luma + 1.402 * redness);
        row[at + 1] = 255 - clip(luma - 0.344136286 * blueness - 0.714136286 * redness);
        row[at + 2] = 255 - clip(luma + 1.772 * blueness);
    }

    private static int clip(double sample) {
        return (int) Math.max(0, Math.min(255, Math.rint(sample)));
    }

    /** The product of two fractions of 255, rounded. */
    private static int multiply(int a, int b) {
        return (a * b + 127) / 255;
    }

    private static Raster readRaster(byte[] file, String name) {
        Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            javax.imageio.ImageReader reader = readers.next();
            try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
                if (reader.canReadRaster()) {
                    reader.setInput(in, true, true);
                    return reader.readRaster(0, null);
                }
            } catch (IOException | RuntimeException e) {
                throw new HieraException(
                        name + ": cannot be decoded: the CMYK image is damaged or cut short (" + e.getMessage() + ")",
                        e);
            } finally {
                reader.dispose();
            }
        }
        throw new HieraException(name + ": this Java runtime has no JPEG decoder for CMYK: convert the image to RGB");
    }
}
