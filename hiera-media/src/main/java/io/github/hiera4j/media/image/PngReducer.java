package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.model.DamagedFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.InflaterInputStream;

/** Decodes PNG files that are too large for full size: reads them row by row and reduces them. Interlaced files do not allow this. */
final class PngReducer {
    private static final int HEADER = 16;
    private static final int PALETTE_TYPE = 3;

    private final HeaderBytes bytes;
    private final byte[] file;
    private final int width;
    private final int height;
    private final int depth;
    private final int type;
    private final int channels;
    private byte[] palette = {};

    private PngReducer(byte[] file, ImageHeader header, String name) {
        this.bytes = new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN);
        this.file = file;
        this.width = header.width();
        this.height = header.height();
        this.depth = bytes.unsignedByte(HEADER + 8);
        this.type = bytes.unsignedByte(HEADER + 9);
        this.channels = switch (type) {
            case 0, PALETTE_TYPE -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> throw bytes.damaged("a PNG file of colour type " + type);
        };
        boolean known = Integer.bitCount(depth) == 1 && depth <= 16 && (channels == 1 || depth >= 8);
        if (!known) {
            throw bytes.damaged("a PNG file of " + depth + " bits per sample");
        }
    }

    /** Returns whether the rows of the file are stored in order. */
    static boolean reduces(byte[] file, String name) {
        return new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN).unsignedByte(HEADER + 12) == 0;
    }

    static Rgb8Image decode(byte[] file, ImageHeader header, String name, int factor) {
        PngReducer png = new PngReducer(file, header, name);
        try (InputStream rows = new InflaterInputStream(png.packed())) {
            return png.read(rows, factor);
        } catch (IOException e) {
            throw new DamagedFileException(
                    name + ": cannot be decoded: the image is damaged or cut short (" + e.getMessage() + ")", e);
        }
    }

    /** The compressed rows from any number of chunks; also reads the palette. */
    private InputStream packed() {
        List<InputStream> chunks = new ArrayList<>();
        long at = 8;
        while (!bytes.hasText(at + 4, "IEND")) {
            long length = bytes.unsignedInt(at);
            if (bytes.hasText(at + 4, "IDAT")) {
                chunks.add(new ByteArrayInputStream(file, (int) at + 8, (int) length));
            } else if (bytes.hasText(at + 4, "PLTE")) {
                palette = Arrays.copyOfRange(file, (int) at + 8, (int) (at + 8 + length));
            }
            at += 12 + length;
        }
        return new SequenceInputStream(Collections.enumeration(chunks));
    }

    private Rgb8Image read(InputStream rows, int factor) throws IOException {
        int rowBytes = Math.toIntExact(((long) width * channels * depth + 7) / 8);
        int pixelBytes = Math.max(1, channels * depth / 8);
        byte[] above = new byte[rowBytes];
        byte[] row = new byte[rowBytes];
        byte[] rgb = new byte[width * Rgb8Image.CHANNELS];
        RgbRows image = new RgbRows(width, height, factor);
        for (int y = 0; y < height; y++) {
            int filter = rows.read();
            if (filter < 0 || rows.readNBytes(row, 0, rowBytes) < rowBytes) {
                throw new IOException("its pixels end early");
            }
            unfilter(filter, row, above, pixelBytes);
            toRgb(row, rgb);
            image.add(rgb);
            byte[] free = above;
            above = row;
            row = free;
        }
        return image.image();
    }

    private void unfilter(int filter, byte[] row, byte[] above, int pixelBytes) throws IOException {
        if (filter > 4) {
            throw new IOException("an unknown filter, " + filter);
        }
        for (int i = 0; i < row.length && filter > 0; i++) {
            int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
            int up = above[i] & 0xff;
            int corner = i < pixelBytes ? 0 : above[i - pixelBytes] & 0xff;
            row[i] += (byte)
                    switch (filter) {
                        case 1 -> left;
                        case 2 -> up;
                        case 3 -> (left + up) / 2;
                        default -> nearest(left, up, corner);
                    };
        }
    }

    /** Returns Paeth's predictor: the neighbour nearest to left + up − corner. */
    private static int nearest(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private void toRgb(byte[] row, byte[] rgb) {
        boolean colour = channels >= 3;
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < Rgb8Image.CHANNELS; c++) {
                int sample = sample(row, x * channels + (colour ? c : 0));
                rgb[x * Rgb8Image.CHANNELS + c] =
                        (byte) (type == PALETTE_TYPE ? paletteColour(sample, c) : level(sample));
            }
        }
    }

    private int sample(byte[] row, int index) {
        if (depth == 16) {
            return ((row[2 * index] & 0xff) << 8) | (row[2 * index + 1] & 0xff);
        }
        long bit = (long) index * depth;
        int shift = 8 - depth - (int) (bit & 7);
        return (row[(int) (bit >> 3)] >> shift) & ((1 << depth) - 1);
    }

    private int paletteColour(int index, int channel) {
        int at = index * Rgb8Image.CHANNELS + channel;
        return at < palette.length ? palette[at] : 0;
    }

    /** Converts to 8 bits as in full size: 16-bit grey is rounded, 16-bit colour keeps its upper half. */
    private int level(int sample) {
        if (depth == 16) {
            return channels == 1 ? (sample + 128) / 257 : sample >> 8;
        }
        return sample * 255 / ((1 << depth) - 1);
    }
}
