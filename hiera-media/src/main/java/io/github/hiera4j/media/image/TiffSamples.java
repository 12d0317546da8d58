package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.internal.Cmyk;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import java.nio.ByteOrder;

/** Converts the packed rows of a TIFF image to samples, and samples to RGB by the rules of Pillow. */
final class TiffSamples {
    private final TiffLayout layout;
    private final boolean littleEndian;
    private final int[] palette;

    TiffSamples(TiffLayout layout, ByteOrder order, TiffHeader header, HeaderBytes bytes) {
        this.layout = layout;
        this.littleEndian = order == ByteOrder.LITTLE_ENDIAN;
        this.palette = layout.colours() == TiffLayout.Colours.PALETTE ? palette(header, bytes) : new int[0];
    }

    private int[] palette(TiffHeader header, HeaderBytes bytes) {
        int colours = 1 << layout.bits();
        long[] map = header.values(TiffHeader.COLOUR_MAP, colours * Rgb8Image.CHANNELS);
        if (map.length < colours * Rgb8Image.CHANNELS) {
            throw bytes.damaged("a TIFF palette of " + map.length + " numbers for " + colours + " colours");
        }
        int[] palette = new int[map.length];
        boolean wide = false;
        boolean black = true;
        for (int i = 0; i < map.length; i++) {
            palette[i] = (int) map[i] >> 8;
            wide |= map[i] > 255;
            black &= map[i] == 0;
        }
        if (!wide && !black) {
            throw bytes.unsupported("a TIFF palette of 8-bit instead of 16-bit colours");
        }
        return palette;
    }

    /**
     * Unpacks part of a row of one plane.
     *
     * @param packed the bytes as stored, with the predictor applied
     * @param stored number of pixels in {@code packed}
     * @param columns number of these pixels that belong to the image
     * @param row the target, {@code [width, samples]}
     * @param left the first target column
     * @param plane index of the sample if each sample has its own plane
     */
    void unpack(byte[] packed, int stored, int columns, int[] row, int left, int plane) {
        int perPixel = layout.samplesPerPlane();
        int[] values = values(packed, stored * perPixel);
        int stride = layout.samples();
        for (int x = 0; x < columns; x++) {
            for (int s = 0; s < perPixel; s++) {
                row[(left + x) * stride + plane + s] = values[x * perPixel + s];
            }
        }
    }

    /** Returns the samples of a row with the predictor undone; 32-bit floats as their bits. */
    private int[] values(byte[] packed, int count) {
        int[] values = new int[count];
        if (layout.predictor() == 3) {
            undoFloatPredictor(packed, values);
            return values;
        }
        int bits = layout.bits();
        for (int i = 0; i < count; i++) {
            values[i] = switch (bits) {
                case 8 -> packed[i] & 0xff;
                case 16 -> number(packed, 2 * i, 2);
                case 32 -> number(packed, 4 * i, 4);
                default -> (packed[(i * bits) >> 3] >> (8 - bits - ((i * bits) & 7))) & ((1 << bits) - 1);
            };
        }
        if (layout.predictor() == 2) {
            int mask = bits == 32 ? -1 : (1 << bits) - 1;
            for (int i = layout.samplesPerPlane(); i < count; i++) {
                values[i] = (values[i] + values[i - layout.samplesPerPlane()]) & mask;
            }
        }
        return values;
    }

    private int number(byte[] packed, int at, int size) {
        int number = 0;
        for (int i = 0; i < size; i++) {
            number = (number << 8) | (packed[littleEndian ? at + size - 1 - i : at + i] & 0xff);
        }
        return number;
    }

    /** Undoes byte differences, in which all first bytes of a row's floats precede all second bytes. */
    private void undoFloatPredictor(byte[] packed, int[] values) {
        int step = layout.samplesPerPlane();
        for (int i = step; i < packed.length; i++) {
            packed[i] += packed[i - step];
        }
        for (int i = 0; i < values.length; i++) {
            for (int octet = 0; octet < 4; octet++) {
                values[i] = (values[i] << 8) | (packed[octet * values.length + i] & 0xff);
            }
        }
    }

    /** Converts one row, {@code [width, samples]} to {@code [width, 3]}. */
    void toRgb(int[] row, byte[] rgb) {
        int samples = layout.samples();
        for (int x = 0; x < layout.width(); x++) {
            int from = x * samples;
            int to = x * Rgb8Image.CHANNELS;
            switch (layout.colours()) {
                case RGB, YCBCR -> writeRgb(row, from, rgb, to);
                case CMYK ->
                    Cmyk.toRgb(high(row[from]), high(row[from + 1]), high(row[from + 2]), high(row[from + 3]), rgb, to);
                case PALETTE -> {
                    int colours = 1 << layout.bits();
                    rgb[to] = (byte) palette[row[from]];
                    rgb[to + 1] = (byte) palette[colours + row[from]];
                    rgb[to + 2] = (byte) palette[2 * colours + row[from]];
                }
                default -> {
                    byte grey = (byte) unmultiplied(grey(row[from]), row, from + 1);
                    rgb[to] = grey;
                    rgb[to + 1] = grey;
                    rgb[to + 2] = grey;
                }
            }
        }
    }

    private void writeRgb(int[] row, int from, byte[] rgb, int to) {
        for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
            rgb[to + channel] = (byte) unmultiplied(high(row[from + channel]), row, from + Rgb8Image.CHANNELS);
        }
    }

    /** Returns a colour divided by alpha if it is premultiplied, otherwise unchanged. */
    private int unmultiplied(int sample, int[] row, int alphaAt) {
        if (layout.alpha() == TiffLayout.Alpha.NONE) {
            return sample;
        }
        int alpha = high(row[alphaAt]);
        return alpha == 0 ? 0 : Math.min(255, sample * 255 / alpha);
    }

    /** Returns the upper 8 bits of an 8-bit or 16-bit sample. */
    private int high(int sample) {
        return layout.bits() == 16 ? sample >> 8 : sample;
    }

    private int grey(int sample) {
        return switch (layout.colours()) {
            case FLOAT_GREY -> clip(Float.intBitsToFloat(sample));
            case SIGNED_GREY -> Math.max(0, Math.min(255, layout.bits() == 16 ? (short) sample : sample));
            case WHITE_IS_ZERO -> 255 - scaled(sample);
            default -> scaled(sample);
        };
    }

    /** Converts a sample to 8 bits; 16 bits are rounded as in the models' training, 32 bits are clipped as in Pillow. */
    private int scaled(int sample) {
        return switch (layout.bits()) {
            case 8 -> sample;
            case 16 -> (sample + 128) / 257;
            case 32 -> Math.max(0, Math.min(255, sample));
            default -> sample * 255 / ((1 << layout.bits()) - 1);
        };
    }

    /** Clips a value to 0 to 255 and truncates the fraction; NaN counts as 0. */
    private static int clip(float sample) {
        return (int) Math.max(0f, Math.min(255f, Float.isNaN(sample) ? 0f : sample));
    }
}
