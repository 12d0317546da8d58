package io.github.hiera4j.media.image;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads JPEG, PNG, WebP, BMP, GIF (first frame) and TIFF (first page) files as Pillow's {@code convert("RGB")} shows
 * them: turned upright by their EXIF orientation, alpha dropped without blending, palettes looked up, 16-bit grey rounded
 * to 8 bits, CMYK converted without a colour profile.
 *
 * <p>Nothing is decoded before its header has been checked: a picture that claims more pixels than allowed is refused
 * at no cost. Thread-safe.
 */
public final class ImageReader {
    /** As many pixels as a picture may have unless said otherwise: 2^26, about 200 MB decoded. */
    public static final long DEFAULT_MAX_PIXELS = 1L << 26;

    /** Compressed files beyond this size are refused; no picture within the pixel limit comes near it. */
    private static final long MAX_FILE_BYTES = 1L << 30;

    private ImageReader() {}

    /**
     * Reads an image file.
     *
     * @throws HieraException if it cannot be read, is no image, is damaged, or has more than {@link #DEFAULT_MAX_PIXELS}
     */
    public static Rgb8Image read(Path path) {
        return read(path, DEFAULT_MAX_PIXELS);
    }

    /** Reads an image file of at most {@code maxPixels} pixels. */
    public static Rgb8Image read(Path path, long maxPixels) {
        MediaFile.requireRegularFile(path);
        try (InputStream in = Files.newInputStream(path)) {
            long size = Files.size(path);
            check(size <= MAX_FILE_BYTES, "%s: an image file of %d bytes is too large to be read", path, size);
            return read(in.readAllBytes(), path.toString(), maxPixels);
        } catch (IOException e) {
            throw new HieraException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Decodes an image in memory.
     *
     * @param name what messages call it
     */
    public static Rgb8Image read(byte[] bytes, String name) {
        return read(bytes, name, DEFAULT_MAX_PIXELS);
    }

    /** Decodes an image in memory of at most {@code maxPixels} pixels. */
    public static Rgb8Image read(byte[] bytes, String name, long maxPixels) {
        ImageHeader header = ImageHeader.parse(bytes, name);
        long pixels = (long) header.width() * header.height();
        check(
                pixels <= maxPixels,
                "%s: a picture of %d x %d pixels is more than the %d allowed; scale it down or raise the limit",
                name,
                header.width(),
                header.height(),
                maxPixels);
        byte[] plain = TiffHeader.asStored(bytes, name);
        Rgb8Image stored = switch (header.samples()) {
            case GREY_16 -> from16Bits(OpenCvDecoder.grey16(plain, name));
            case CMYK_JPEG -> CmykJpeg.decode(bytes, name);
            case GIF -> GifDecoder.decode(bytes, header, name);
            case COLOUR -> OpenCvDecoder.colour(plain, name);
        };
        boolean asAnnounced = stored.width() == header.width() && stored.height() == header.height();
        check(
                asAnnounced,
                "%s: its header says %d x %d pixels, but %s came out",
                name,
                header.width(),
                header.height(),
                stored);
        return header.orientation().apply(stored);
    }

    /** OpenCV would keep the high byte only; the models were shown {@code round(sample / 257)}. */
    private static Rgb8Image from16Bits(OpenCvDecoder.Grey16 grey) {
        ShortBuffer samples = grey.samples();
        byte[] rgb = new byte[Math.multiplyExact(samples.capacity(), Rgb8Image.CHANNELS)];
        for (int i = 0; i < samples.capacity(); i++) {
            byte sample = (byte) (((samples.get(i) & 0xffff) + 128) / 257);
            rgb[Rgb8Image.CHANNELS * i] = sample;
            rgb[Rgb8Image.CHANNELS * i + 1] = sample;
            rgb[Rgb8Image.CHANNELS * i + 2] = sample;
        }
        return Rgb8Image.wrap(grey.width(), grey.height(), rgb);
    }
}
