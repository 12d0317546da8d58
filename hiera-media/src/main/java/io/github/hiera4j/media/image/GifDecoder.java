package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.internal.GifLzw;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes the first frame of a GIF file.
 *
 * <p>OpenCV blends the first frame over the background colour; the reference shows transparent pixels in their palette colour, and
 * the area not covered by the frame in the transparent colour, or in colour 0 if there is none.
 */
public final class GifDecoder {
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int IMAGE = 0x2c;
    private static final int INTERLACED = 0x40;
    private static final int[][] INTERLACE_PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private final HeaderBytes bytes;
    private final byte[] file;
    private byte[] palette;
    private int transparent;

    private GifDecoder(byte[] file, String name) {
        this.bytes = new HeaderBytes(name, file, ByteOrder.LITTLE_ENDIAN);
        this.file = file;
        this.palette = greyRamp();
    }

    static Rgb8Image decode(byte[] file, ImageHeader header, String name) {
        return new GifDecoder(file, name).firstFrame(header.width(), header.height());
    }

    private Rgb8Image firstFrame(int width, int height) {
        int at = 13 + readPalette(bytes.unsignedByte(10), 13);
        while (bytes.unsignedByte(at) == EXTENSION) {
            if (bytes.unsignedByte(at + 1) == GRAPHIC_CONTROL && (bytes.unsignedByte(at + 3) & 1) != 0) {
                transparent = bytes.unsignedByte(at + 6);
            }
            at = endOfBlocks(at + 2);
        }
        if (bytes.unsignedByte(at) != IMAGE) {
            throw bytes.damaged("no picture at byte " + at + " of a GIF file");
        }
        int left = bytes.unsignedShort(at + 1);
        int top = bytes.unsignedShort(at + 3);
        int frameWidth = bytes.unsignedShort(at + 5);
        int frameHeight = bytes.unsignedShort(at + 7);
        if (frameWidth == 0 || frameHeight == 0 || left + frameWidth > width || top + frameHeight > height) {
            throw bytes.damaged("the first frame of a GIF file is outside the image");
        }
        int flags = bytes.unsignedByte(at + 9);
        at += 10 + readPalette(flags, at + 10);
        int end = endOfBlocks(at + 1);
        byte[] indices =
                GifLzw.decode(bytes, bytes.unsignedByte(at), joinBlocks(at + 1, end), frameWidth * frameHeight);
        byte[] canvas = new byte[width * height];
        Arrays.fill(canvas, (byte) transparent);
        int[] rowOrder = rowOrder(frameHeight, (flags & INTERLACED) != 0);
        for (int row = 0; row < frameHeight; row++) {
            System.arraycopy(indices, row * frameWidth, canvas, (top + rowOrder[row]) * width + left, frameWidth);
        }
        return colours(canvas, width, height);
    }

    /** Reads the palette announced by the flags and returns its size in bytes. */
    private int readPalette(int flags, int at) {
        if ((flags & 0x80) == 0) {
            return 0;
        }
        int length = Rgb8Image.CHANNELS << ((flags & 7) + 1);
        bytes.slice(at, length, ByteOrder.LITTLE_ENDIAN); // checks that it is complete
        palette = Arrays.copyOf(Arrays.copyOfRange(file, at, at + length), Rgb8Image.CHANNELS * 256);
        return length;
    }

    private int endOfBlocks(int at) {
        int next = at;
        while (bytes.unsignedByte(next) != 0) {
            next += 1 + bytes.unsignedByte(next);
        }
        return next + 1;
    }

    private byte[] joinBlocks(int from, int end) {
        byte[] joined = new byte[end - from];
        int length = 0;
        for (int at = from; bytes.unsignedByte(at) != 0; at += 1 + bytes.unsignedByte(at)) {
            System.arraycopy(file, at + 1, joined, length, bytes.unsignedByte(at));
            length += bytes.unsignedByte(at);
        }
        return Arrays.copyOf(joined, length);
    }

    private static int[] rowOrder(int rows, boolean interlaced) {
        int[] order = new int[rows];
        int next = 0;
        for (int[] pass : interlaced ? INTERLACE_PASSES : new int[][] {{0, 1}}) {
            for (int row = pass[0]; row < rows; row += pass[1]) {
                order[next++] = row;
            }
        }
        return order;
    }

    private Rgb8Image colours(byte[] indices, int width, int height) {
        byte[] rgb = new byte[indices.length * Rgb8Image.CHANNELS];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(
                    palette, (indices[i] & 0xff) * Rgb8Image.CHANNELS, rgb, i * Rgb8Image.CHANNELS, Rgb8Image.CHANNELS);
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    private static byte[] greyRamp() {
        byte[] ramp = new byte[Rgb8Image.CHANNELS * 256];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i / Rgb8Image.CHANNELS);
        }
        return ramp;
    }
}
