package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Decodes BMP files of 16 and 32 bits per pixel, in which colours may be at any bit position. OpenCV, which decodes the other depths,
 * widens 5 and 6 bits by shifting and supports only some positions.
 */
final class BmpDecoder {
    private static final int FILE_HEADER = 14;
    private static final int MASKS = FILE_HEADER + 40;
    private static final int[] MASKS_555 = {0x7c00, 0x3e0, 0x1f};
    private static final int[] MASKS_888 = {0xff0000, 0xff00, 0xff};
    private static final long PLAIN = 0;
    private static final long BIT_FIELDS = 3;
    private static final long ALPHA_BIT_FIELDS = 6;

    private BmpDecoder() {}

    /** Returns whether this decoder is responsible for the file. */
    static boolean decodes(HeaderBytes bytes) {
        return bytes.unsignedInt(FILE_HEADER) >= 40 && (bits(bytes) == 16 || bits(bytes) == 32);
    }

    private static int bits(HeaderBytes bytes) {
        return bytes.unsignedShort(FILE_HEADER + 14);
    }

    static Rgb8Image decode(byte[] file, ImageHeader header, String name) {
        HeaderBytes bytes = new HeaderBytes(name, file, ByteOrder.LITTLE_ENDIAN);
        int[] masks = masks(bytes);
        int pixelBytes = bits(bytes) / 8;
        int width = header.width();
        int height = header.height();
        long rowBytes = ((long) width * pixelBytes + 3) / 4 * 4;
        boolean fromTop = bytes.signedInt(FILE_HEADER + 8) < 0;
        HeaderBytes pixels = bytes.slice(
                bytes.unsignedInt(10), rowBytes * (height - 1) + (long) width * pixelBytes, ByteOrder.LITTLE_ENDIAN);
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), Rgb8Image.CHANNELS)];
        int to = 0;
        for (int y = 0; y < height; y++) {
            long at = rowBytes * (fromTop ? y : height - 1 - y);
            for (int x = 0; x < width; x++, at += pixelBytes) {
                int pixel = pixelBytes == 2 ? pixels.unsignedShort(at) : pixels.signedInt(at);
                for (int mask : masks) {
                    rgb[to++] = (byte) level(pixel, mask);
                }
            }
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    private static int[] masks(HeaderBytes bytes) {
        long compression = bytes.unsignedInt(FILE_HEADER + 16);
        if (compression == PLAIN) {
            return bits(bytes) == 16 ? MASKS_555 : MASKS_888;
        }
        if (compression != BIT_FIELDS && compression != ALPHA_BIT_FIELDS) {
            throw bytes.unsupported("a BMP image of " + bits(bytes) + " bits with compression " + compression);
        }
        int[] masks = new int[Rgb8Image.CHANNELS];
        for (int channel = 0; channel < masks.length; channel++) {
            int mask = bytes.signedInt(MASKS + 4L * channel);
            int run = mask >>> Integer.numberOfTrailingZeros(mask);
            if (mask == 0 || (run & (run + 1)) != 0) {
                throw bytes.damaged(String.format(Locale.ROOT, "a BMP image with colours in the bits %08x", mask));
            }
            masks[channel] = mask;
        }
        return masks;
    }

    /** Returns the colour selected by a mask, scaled to 0 to 255 and rounded down. */
    private static int level(int pixel, int mask) {
        int shift = Integer.numberOfTrailingZeros(mask);
        long most = (mask & 0xffffffffL) >>> shift;
        return (int) (((pixel & mask & 0xffffffffL) >>> shift) * 255 / most);
    }
}
