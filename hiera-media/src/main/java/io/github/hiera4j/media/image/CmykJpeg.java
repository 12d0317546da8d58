package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.internal.Cmyk;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.media.image.internal.JpegColour;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.UnsupportedException;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG files with four components: cyan, magenta, yellow and black, or luma, chroma and black.
 *
 * <p>OpenCV's conversion is off by a level; the JDK's decoder returns the four components as stored. As in Pillow, the components are
 * assumed to be inverted, as Adobe writes them.
 */
final class CmykJpeg {
    private static final int COMPONENTS = 4;

    private CmykJpeg() {}

    /** @param factor 1 for full size; otherwise only every n-th row and column is used */
    static Rgb8Image decode(byte[] file, String name, int factor) {
        OpenCvDecoder.requireDecodable(file, name); // rejects truncated files, which the JDK pads with grey
        Raster raster = readRaster(file, name, factor);
        if (raster.getNumBands() != COMPONENTS) {
            throw new DamagedFileException(name + ": expected 4 colour components, got " + raster.getNumBands());
        }
        // Any transform except 0 means luma and chroma, regardless of the value in the marker, as in libjpeg.
        boolean ycck = JpegHeader.adobeTransform(new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN)) != 0;
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), Rgb8Image.CHANNELS)];
        int[] row = new int[width * COMPONENTS];
        int target = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int from = 0; from < row.length; from += COMPONENTS) {
                if (ycck) {
                    toCmy(row, from);
                }
                Cmyk.toRgb(255 - row[from], 255 - row[from + 1], 255 - row[from + 2], 255 - row[from + 3], rgb, target);
                target += Rgb8Image.CHANNELS;
            }
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    /** Converts luma and chroma to cyan, magenta and yellow as defined in the file. */
    private static void toCmy(int[] row, int at) {
        JpegColour.toRgb(row, at);
        for (int i = at; i < at + 3; i++) {
            row[i] = 255 - row[i];
        }
    }

    private static Raster readRaster(byte[] file, String name, int factor) {
        Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            javax.imageio.ImageReader reader = readers.next();
            try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
                if (reader.canReadRaster()) {
                    reader.setInput(in, true, true);
                    ImageReadParam parameters = reader.getDefaultReadParam();
                    parameters.setSourceSubsampling(factor, factor, factor / 2, factor / 2);
                    return reader.readRaster(0, parameters);
                }
            } catch (IOException | RuntimeException e) {
                throw new DamagedFileException(
                        name + ": cannot be decoded: the CMYK image is damaged or cut short (" + e.getMessage() + ")",
                        e);
            } finally {
                reader.dispose();
            }
        }
        throw new UnsupportedException(
                name + ": this Java runtime has no JPEG decoder for CMYK: convert the image to RGB");
    }
}
