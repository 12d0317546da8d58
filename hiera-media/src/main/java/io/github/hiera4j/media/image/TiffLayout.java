package io.github.hiera4j.media.image;

import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.model.UnsupportedException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * The storage layout of a TIFF file's pixels, checked for support. Supported are the sub-formats that Pillow reads, except a few
 * that are rejected by name.
 *
 * @param bits bits per sample, the same for all samples
 * @param samples samples per pixel, including extra samples
 * @param colours meaning of the first samples
 * @param alpha meaning of the sample after the colours
 */
record TiffLayout(
        int width,
        int height,
        int bits,
        int samples,
        Colours colours,
        Alpha alpha,
        Compression compression,
        int predictor,
        boolean reversedBits,
        boolean planar) {

    private static final int MOST_SAMPLES = 6;
    private static final int UNSIGNED = 1;
    private static final int SIGNED = 2;
    private static final int FLOAT = 3;

    /** The meaning of a pixel's samples. */
    enum Colours {
        WHITE_IS_ZERO(1),
        GREY(1),
        SIGNED_GREY(1),
        FLOAT_GREY(1),
        PALETTE(1),
        RGB(3),
        CMYK(4),
        YCBCR(3);

        final int samples;

        Colours(int samples) {
            this.samples = samples;
        }
    }

    /** The effect of the first extra sample on the colours. */
    enum Alpha {
        NONE,
        ASSOCIATED
    }

    /** The compression of strips and tiles. */
    enum Compression {
        NONE,
        LZW,
        DEFLATE,
        PACK_BITS,
        /** CCITT fax and JPEG: decoded by OpenCV's libtiff. */
        LIBTIFF
    }

    private static final Map<Long, String> UNREADABLE_COMPRESSIONS = Map.ofEntries(
            Map.entry(6L, "old-style JPEG"),
            Map.entry(32809L, "ThunderScan"),
            Map.entry(34661L, "JBIG"),
            Map.entry(34676L, "SGI LogLuv"),
            Map.entry(34677L, "SGI LogLuv"),
            Map.entry(34712L, "JPEG 2000"),
            Map.entry(33003L, "JPEG 2000"),
            Map.entry(33005L, "JPEG 2000"),
            Map.entry(34887L, "LERC"),
            Map.entry(34892L, "lossy JPEG (DNG)"),
            Map.entry(34925L, "LZMA"),
            Map.entry(34933L, "PNG"),
            Map.entry(34934L, "JPEG XR"),
            Map.entry(22610L, "JPEG XR"),
            Map.entry(50000L, "Zstandard"),
            Map.entry(34926L, "Zstandard"),
            Map.entry(34927L, "WebP"),
            Map.entry(50001L, "WebP"),
            Map.entry(50002L, "JPEG XL"),
            Map.entry(52546L, "JPEG XL"));

    /**
     * @throws UnsupportedException if the sub-format, which the message names, is not supported
     */
    static TiffLayout of(TiffHeader header, HeaderBytes bytes) {
        long photometric = header.value(TiffHeader.PHOTOMETRIC, 0);
        boolean planar = header.value(TiffHeader.PLANAR_CONFIGURATION, 1) == 2;
        long samples = header.value(TiffHeader.SAMPLES_PER_PIXEL, 1);
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw bytes.unsupported("a TIFF image of " + samples + " samples per pixel");
        }
        int bits = bits(header, (int) samples, bytes);
        int format = sampleFormat(header, bytes);
        Compression compression = compression(header.value(TiffHeader.COMPRESSION, 1), bytes);
        Colours colours = colours(photometric, format, bits, compression, bytes);
        if (samples < colours.samples) {
            throw bytes.damaged(
                    "a TIFF image of " + samples + " samples per pixel where its colours need " + colours.samples);
        }
        requireKnownDepth(colours, bits, (int) samples, bytes);
        long extra = header.value(TiffHeader.EXTRA_SAMPLES, 0);
        boolean associated = samples > colours.samples && extra == 1 && colours != Colours.CMYK;
        refuseWhatPillowGarbles(header, compression, colours, bits, planar && samples > 1, associated, bytes);
        return new TiffLayout(
                (int) header.value(TiffHeader.WIDTH, 0),
                (int) header.value(TiffHeader.HEIGHT, 0),
                bits,
                (int) samples,
                colours,
                associated ? Alpha.ASSOCIATED : Alpha.NONE,
                compression,
                predictor(header, compression, bits, format, bytes),
                header.value(TiffHeader.FILL_ORDER, 1) == 2,
                planar && samples > 1);
    }

    private static int bits(TiffHeader header, int samples, HeaderBytes bytes) {
        long[] bits = header.values(TiffHeader.BITS_PER_SAMPLE, samples);
        if (bits.length == 0) {
            return 1;
        }
        boolean equal = Arrays.stream(bits).allMatch(each -> each == bits[0]);
        if (!equal) {
            throw bytes.unsupported(
                    "a TIFF image whose samples have different depths, " + Arrays.toString(bits) + " bits,");
        }
        return (int) Math.min(bits[0], 1 << 20);
    }

    private static int sampleFormat(TiffHeader header, HeaderBytes bytes) {
        long[] formats = header.values(TiffHeader.SAMPLE_FORMAT, MOST_SAMPLES);
        long first = formats.length == 0 || formats[0] == 4 ? UNSIGNED : formats[0];
        boolean known = first >= UNSIGNED && first <= FLOAT;
        if (!known || Arrays.stream(formats).anyMatch(format -> format != formats[0])) {
            throw bytes.unsupported("a TIFF image of sample formats " + Arrays.toString(formats));
        }
        return (int) first;
    }

    private static Compression compression(long code, HeaderBytes bytes) {
        if (code == 1) {
            return Compression.NONE;
        } else if (code == 2 || code == 3 || code == 4 || code == 7) {
            return Compression.LIBTIFF;
        } else if (code == 5) {
            return Compression.LZW;
        } else if (code == 8 || code == 32946) {
            return Compression.DEFLATE;
        } else if (code == 32773) {
            return Compression.PACK_BITS;
        }
        String name = UNREADABLE_COMPRESSIONS.getOrDefault(code, "number " + code);
        throw new UnsupportedException(bytes.name() + ": a TIFF image compressed with " + name
                + " cannot be read; export it with LZW, Deflate or no compression");
    }

    private static Colours colours(long photometric, int format, int bits, Compression compression, HeaderBytes bytes) {
        if (format == FLOAT && photometric <= 1 && bits == 32) {
            return Colours.FLOAT_GREY;
        }
        if (format == SIGNED && photometric == 1 && (bits == 16 || bits == 32)) {
            return Colours.SIGNED_GREY;
        }
        boolean plain = format == UNSIGNED || (format == SIGNED && photometric == 1 && bits == 8);
        if (!plain) {
            throw bytes.unsupported(String.format(
                    Locale.ROOT,
                    "a TIFF image of %d-bit %s samples",
                    bits,
                    format == FLOAT ? "floating-point" : "signed"));
        }
        return switch ((int) Math.min(photometric, Integer.MAX_VALUE)) {
            case 0 -> bits >= 16 ? Colours.GREY : Colours.WHITE_IS_ZERO; // Pillow inverts only up to 8 bits
            case 1 -> Colours.GREY;
            case 2 -> Colours.RGB;
            case 3 -> Colours.PALETTE;
            case 5 -> {
                if (compression == Compression.LIBTIFF) {
                    throw bytes.unsupported("a TIFF image of CMYK colours compressed as JPEG");
                }
                yield Colours.CMYK;
            }
            case 6 -> Colours.YCBCR;
            case 8, 9, 10 -> throw bytes.unsupported("a TIFF image in LAB colours");
            case 4 -> throw bytes.unsupported("a TIFF transparency mask");
            case 32803 -> throw bytes.unsupported("a raw camera image (colour filter array)");
            case 34892 -> throw bytes.unsupported("a raw camera image (linear raw)");
            case 32844, 32845 -> throw bytes.unsupported("a TIFF image in LogLuv colours");
            default -> throw bytes.unsupported("a TIFF image of photometric interpretation " + photometric);
        };
    }

    private static void requireKnownDepth(Colours colours, int bits, int samples, HeaderBytes bytes) {
        boolean known = switch (colours) {
            case WHITE_IS_ZERO -> (bits <= 4 && samples == 1) || bits == 8;
            case GREY -> (bits <= 4 && samples == 1) || bits == 8 || bits == 16 || bits == 32;
            case PALETTE -> (bits <= 4 && samples == 1) || bits == 8;
            case RGB, CMYK -> bits == 8 || bits == 16;
            case YCBCR -> bits == 8;
            case SIGNED_GREY, FLOAT_GREY -> true;
        };
        boolean whole = bits == 1 || bits == 2 || bits == 4 || bits >= 8;
        if (!known || !whole) {
            throw bytes.unsupported(
                    String.format(Locale.ROOT, "a TIFF image of %d samples of %d bits per pixel", samples, bits));
        }
    }

    /** Rejects sub-formats that Pillow reads as noise or not at all, so that there is no reference. */
    private static void refuseWhatPillowGarbles(
            TiffHeader header,
            Compression compression,
            Colours colours,
            int bits,
            boolean planar,
            boolean associated,
            HeaderBytes bytes) {
        if (planar && bits == 16) {
            throw bytes.unsupported("a TIFF image of 16-bit samples in separate planes");
        }
        boolean swapped = bits == 32 || colours == Colours.SIGNED_GREY;
        if (swapped && !header.littleEndian() && compression != Compression.NONE) {
            throw bytes.unsupported("a compressed big-endian TIFF image of " + bits + "-bit samples");
        }
        if (colours == Colours.YCBCR && compression == Compression.NONE) {
            throw bytes.unsupported("an uncompressed TIFF image in YCbCr colours");
        }
        if (associated && compression == Compression.LIBTIFF) {
            throw bytes.unsupported("a TIFF image compressed as JPEG with colours multiplied by alpha");
        }
    }

    private static int predictor(TiffHeader header, Compression compression, int bits, int format, HeaderBytes bytes) {
        boolean applies = compression == Compression.LZW || compression == Compression.DEFLATE;
        long predictor = applies ? header.value(TiffHeader.PREDICTOR, 1) : 1;
        boolean known = predictor <= 1
                || (predictor == 2 && (bits == 8 || bits == 16 || bits == 32))
                || (predictor == 3 && format == FLOAT);
        if (!known) {
            throw bytes.unsupported("a TIFF image of predictor " + predictor + " with " + bits + "-bit samples");
        }
        return (int) Math.max(1, predictor);
    }

    /** Returns the samples per pixel in one plane. */
    int samplesPerPlane() {
        return planar ? 1 : samples;
    }

    /** Returns the bytes of a row with the given number of pixels in one plane. */
    int rowBytes(int columns) {
        return Math.toIntExact(((long) columns * samplesPerPlane() * bits + 7) / 8);
    }
}
