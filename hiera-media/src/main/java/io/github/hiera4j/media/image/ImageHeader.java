package io.github.hiera4j.media.image;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.model.UnsupportedException;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The properties of an image file that are known before decoding.
 *
 * @param width columns as stored
 * @param height rows as stored
 * @param samples the kind of pixels, which determines the decoder
 * @param orientation the transformation of the stored pixels to an upright image
 * @param decoderBytes memory that the decoder needs in addition to the pixels, regardless of the decoded size
 */
public record ImageHeader(int width, int height, Samples samples, Orientation orientation, long decoderBytes) {

    ImageHeader(int width, int height, Samples samples, Orientation orientation) {
        this(width, height, samples, orientation, 0);
    }

    /** Kinds of pixels with different conversions to 8-bit RGB. */
    enum Samples {
        COLOUR,
        JPEG,
        PNG,
        WEBP,
        GREY_16,
        CMYK_JPEG,
        GIF,
        BMP,
        TIFF,
        HEIF
    }

    /**
     * Reads the header of any supported image format.
     *
     * @throws io.github.hiera4j.model.HieraException if the bytes are not an image, or their header is truncated or invalid
     */
    static ImageHeader parse(byte[] file, String name) {
        byte[] start = Arrays.copyOf(file, Math.min(file.length, MediaFormat.MAGIC_BYTES));
        MediaFormat format = MediaFormat.detect(start).orElseThrow(() -> MediaFile.unrecognised(name, start));
        HeaderBytes bigEndian = new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN);
        HeaderBytes littleEndian = new HeaderBytes(name, file, ByteOrder.LITTLE_ENDIAN);
        ImageHeader header = switch (format) {
            case JPEG -> JpegHeader.parse(bigEndian);
            case PNG -> PngHeader.parse(bigEndian, file);
            case TIFF -> TiffHeader.parse(bigEndian).imageHeader();
            case WEBP -> parseWebp(littleEndian);
            case BMP -> parseBmp(littleEndian);
            case GIF -> parseGif(littleEndian);
            case HEIF -> new ImageHeader(1, 1, Samples.HEIF, Orientation.UPRIGHT); // FFmpeg reads the sizes
            case MP4, MATROSKA, AVI ->
                throw new UnsupportedException(name + ": expected an image, got a video (" + format + ")");
        };
        if (header.width < 1 || header.height < 1) {
            throw bigEndian.damaged("its header claims " + header.width + " x " + header.height + " pixels");
        }
        return header;
    }

    static ImageHeader colour(int width, int height) {
        return new ImageHeader(width, height, Samples.COLOUR, Orientation.UPRIGHT);
    }

    ImageHeader withOrientation(Orientation turned) {
        return new ImageHeader(width, height, samples, turned, decoderBytes);
    }

    private static ImageHeader parseGif(HeaderBytes bytes) {
        return new ImageHeader(bytes.unsignedShort(6), bytes.unsignedShort(8), Samples.GIF, Orientation.UPRIGHT);
    }

    private static ImageHeader parseBmp(HeaderBytes bytes) {
        boolean os2 = bytes.unsignedInt(14) == 12;
        if (os2) {
            return colour(bytes.unsignedShort(18), bytes.unsignedShort(20));
        }
        long compression = bytes.unsignedInt(30);
        if (bytes.unsignedInt(14) >= 40 && (compression == 4 || compression == 5)) {
            throw bytes.unsupported("a BMP file that holds a " + (compression == 4 ? "JPEG" : "PNG") + " file");
        }
        int height = bytes.signedInt(22); // negative if rows are stored from the top
        Samples samples = BmpDecoder.decodes(bytes) ? Samples.BMP : Samples.COLOUR;
        return new ImageHeader(
                bytes.signedInt(18), height == Integer.MIN_VALUE ? 0 : Math.abs(height), samples, Orientation.UPRIGHT);
    }

    /** Reads RIFF chunks: the extended header contains the canvas size and announces EXIF; the simple forms contain only the image. */
    private static ImageHeader parseWebp(HeaderBytes bytes) {
        if (bytes.hasText(12, "VP8X")) {
            int width = 1 + (int) (bytes.unsignedInt(24) & 0xffffff);
            int height = 1 + (int) (bytes.unsignedInt(26) >> 8);
            return webp(width, height).withOrientation(webpOrientation(bytes));
        }
        if (bytes.hasText(12, "VP8L")) {
            long sizes = bytes.unsignedInt(21);
            return webp(1 + (int) (sizes & 0x3fff), 1 + (int) (sizes >> 14 & 0x3fff));
        }
        if (bytes.hasText(12, "VP8 ")) {
            return webp(bytes.unsignedShort(26) & 0x3fff, bytes.unsignedShort(28) & 0x3fff);
        }
        throw bytes.damaged("a WebP file without a picture");
    }

    private static ImageHeader webp(int width, int height) {
        return new ImageHeader(width, height, Samples.WEBP, Orientation.UPRIGHT, 8L * width * height);
    }

    private static Orientation webpOrientation(HeaderBytes bytes) {
        long chunk = 12;
        while (chunk + 8 <= bytes.length()) {
            long size = bytes.unsignedInt(chunk + 4);
            if (bytes.hasText(chunk, "EXIF") && chunk + 8 + size <= bytes.length()) {
                long prefix = bytes.hasText(chunk + 8, "Exif\0\0") ? 6 : 0;
                return TiffHeader.exifOrientation(bytes.slice(chunk + 8 + prefix, size - prefix, ByteOrder.BIG_ENDIAN));
            }
            chunk += 8 + size + (size & 1);
        }
        return Orientation.UPRIGHT;
    }
}
