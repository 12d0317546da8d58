package io.github.hiera4j.media.image;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.FfmpegPicture;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.UnsupportedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads JPEG, PNG, WebP, BMP, GIF (first frame), TIFF (first page), HEIC and AVIF (primary picture) files like Pillow's
 * {@code convert("RGB")}: rotated upright by their EXIF orientation, alpha dropped without blending, palettes looked up, 16-bit grey
 * rounded to 8 bits, CMYK converted without a colour profile. {@code docs/media.md} lists the sub-formats.
 *
 * <p>Nothing is decoded before its header has been checked. A JPEG, PNG or TIFF file of more pixels than the default limit,
 * or one that needs more memory than {@link #DEFAULT_MAX_MEGABYTES}, is decoded at half, a quarter or an eighth of its size;
 * others are rejected with a message that states how to raise the limit. Thread-safe.
 */
public final class ImageReader {
    /**
     * Default maximum pixels of a decoded image, 2^26 (about 200 MB). The system property
     * {@code hiera.media.maxPixels} changes it.
     */
    public static final long DEFAULT_MAX_PIXELS = 1L << 26;

    /**
     * Default maximum memory for decoding one image, in megabytes, not counting the compressed file. The system property
     * {@code hiera.media.maxImageMegabytes} changes it.
     */
    public static final long DEFAULT_MAX_MEGABYTES = 640;

    /** Maximum size of compressed files, far above that of any image within the pixel limit. */
    private static final long MAX_FILE_BYTES = 1L << 30;

    private ImageReader() {}

    /**
     * Loads the native decoder, for which the first image would otherwise wait. Programs may call this on a separate thread during
     * other preparations; it has no effect if the decoder is already loaded.
     *
     * @throws LinkageError if it cannot be loaded
     */
    public static void loadDecoder() {
        OpenCvDecoder.load();
    }

    /**
     * Reads an image file; one beyond the default limits is read in reduced size if its format supports that.
     *
     * @param path the file
     * @return the picture, upright
     * @throws io.github.hiera4j.model.HieraException if it cannot be read, is no image, is damaged, or is beyond the limits
     */
    public static Rgb8Image read(Path path) {
        return decode(path).image();
    }

    /**
     * Reads an image file like {@link #read(Path)}, with warnings about damage that the decoder tolerates.
     *
     * @param path the file
     * @return the picture, upright, and the warnings
     * @throws io.github.hiera4j.model.HieraException if it cannot be read, is no image, is damaged, or is beyond the limits
     */
    public static DecodedImage decode(Path path) {
        if (MediaFile.recognise(path).format() == MediaFormat.HEIF) {
            return new DecodedImage(
                    FfmpegPicture.read(
                            path, path.toString(), ImageLimits.byDefault().maxPixels()),
                    List.of());
        }
        return decode(readFile(path), path.toString());
    }

    /**
     * Reads an image file of at most {@code maxPixels} pixels in full size.
     *
     * @param path the file
     * @param maxPixels maximum pixels in full size
     * @return the picture, upright
     * @throws io.github.hiera4j.model.HieraException if it cannot be read, is no image, is damaged, or has more pixels
     */
    public static Rgb8Image read(Path path, long maxPixels) {
        return read(readFile(path), path.toString(), maxPixels);
    }

    private static byte[] readFile(Path path) {
        MediaFile.requireRegularFile(path);
        try (InputStream in = Files.newInputStream(path)) {
            long size = Files.size(path);
            check(size <= MAX_FILE_BYTES, "%s: an image file of %d bytes is too large to be read", path, size);
            return in.readAllBytes();
        } catch (IOException e) {
            throw FileFault.unreadable(path, e);
        }
    }

    /**
     * Decodes an image in memory; one beyond the default limits is decoded in reduced size if its format supports that.
     *
     * @param bytes a whole file
     * @param name the name in messages
     * @return the picture, upright
     * @throws io.github.hiera4j.model.HieraException if it is no image, is damaged, or is beyond the limits
     */
    public static Rgb8Image read(byte[] bytes, String name) {
        return load(bytes, name, false).image();
    }

    /** @param search whether to search for damage that the decoder tolerates; the limits are checked first */
    private static DecodedImage load(byte[] bytes, String name, boolean search) {
        ImageHeader header = ImageHeader.parse(bytes, name);
        if (header.samples() == ImageHeader.Samples.HEIF) {
            return new DecodedImage(heif(bytes, name, ImageLimits.byDefault().maxPixels()), List.of());
        }
        boolean reducible = isReducible(bytes, header, name);
        int factor = ImageLimits.byDefault().factor(header, reducible);
        if (factor == 0) {
            ImageLimits limits = ImageLimits.byDefault();
            throw new UnsupportedException(String.format(
                    Locale.ROOT,
                    "%s: a picture of %d x %d pixels is more than the %d or takes more than the %d MB allowed; scale it"
                            + " down, or raise the limits with the JVM options %s",
                    name,
                    header.width(),
                    header.height(),
                    limits.maxPixels(),
                    limits.maxBytes() >> 20,
                    ImageLimits.RAISE));
        }
        return decode(bytes, header, name, factor, search);
    }

    /**
     * Decodes an image like {@link #read(byte[], String)}, with warnings about damage that the decoder tolerates.
     *
     * @param bytes a whole file
     * @param name the name in messages
     * @return the picture, upright, and the warnings
     * @throws io.github.hiera4j.model.HieraException if it is no image, is damaged, or is beyond the limits
     */
    public static DecodedImage decode(byte[] bytes, String name) {
        return load(bytes, name, true);
    }

    /**
     * Decodes an image like {@link #read(byte[], String, long)}, with warnings about damage that the decoder tolerates.
     *
     * @param bytes a whole file
     * @param name the name in messages
     * @param maxPixels maximum pixels in full size
     * @return the picture, upright, and the warnings
     * @throws io.github.hiera4j.model.HieraException if it is no image, is damaged, or has more pixels
     */
    public static DecodedImage decode(byte[] bytes, String name, long maxPixels) {
        return load(bytes, name, maxPixels, true);
    }

    private static List<String> warnings(String name, OptionalInt damage) {
        return damage.isEmpty()
                ? List.of()
                : List.of(name + ": the JPEG data is damaged at byte " + damage.getAsInt()
                        + " or before; the picture is wrong from there on");
    }

    /**
     * Decodes an image in memory of at most {@code maxPixels} pixels in full size.
     *
     * @param bytes a whole file
     * @param name the name in messages
     * @param maxPixels maximum pixels in full size
     * @return the picture, upright
     * @throws io.github.hiera4j.model.HieraException if it is no image, is damaged, or has more pixels
     */
    public static Rgb8Image read(byte[] bytes, String name, long maxPixels) {
        return load(bytes, name, maxPixels, false).image();
    }

    private static DecodedImage load(byte[] bytes, String name, long maxPixels, boolean search) {
        ImageHeader header = ImageHeader.parse(bytes, name);
        if (header.samples() == ImageHeader.Samples.HEIF) {
            return new DecodedImage(heif(bytes, name, maxPixels), List.of());
        }
        check(
                (long) header.width() * header.height() <= maxPixels,
                "%s: a picture of %d x %d pixels is more than the %d allowed; scale it down or raise the limit",
                name,
                header.width(),
                header.height(),
                maxPixels);
        check(
                ImageLimits.ofPixels(maxPixels).factor(header, false) == 1,
                "%s: a picture of %d x %d pixels takes more than the memory allowed; scale it down, or raise the limit"
                        + " with the JVM options %s",
                name,
                header.width(),
                header.height(),
                ImageLimits.RAISE);
        return decode(bytes, header, name, 1, search);
    }

    /** Decodes with FFmpeg, which reads only files, through a temporary file. */
    private static Rgb8Image heif(byte[] bytes, String name, long maxPixels) {
        try {
            Path file = Files.createTempFile("hiera-", ".heif");
            try {
                Files.write(file, bytes);
                return FfmpegPicture.read(file, name, maxPixels);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw FileFault.unreadable(name, e);
        }
    }

    private static boolean isReducible(byte[] bytes, ImageHeader header, String name) {
        return switch (header.samples()) {
            case JPEG, CMYK_JPEG, TIFF -> true;
            case PNG, GREY_16 -> PngReducer.reduces(bytes, name);
            case COLOUR, WEBP, GIF, BMP, HEIF -> false;
        };
    }

    private static DecodedImage decode(byte[] bytes, ImageHeader header, String name, int factor, boolean search) {
        boolean jpeg =
                header.samples() == ImageHeader.Samples.JPEG || header.samples() == ImageHeader.Samples.CMYK_JPEG;
        if (jpeg) {
            JpegScans.requireFew(bytes, header, name);
        }
        OptionalInt damage = jpeg && search ? JpegDamage.find(bytes) : OptionalInt.empty();
        Rgb8Image image = decode(bytes, header, name, factor, damage);
        return new DecodedImage(image, warnings(name, damage));
    }

    private static Rgb8Image decode(byte[] bytes, ImageHeader header, String name, int factor, OptionalInt damage) {
        Rgb8Image stored = switch (header.samples()) {
            case GREY_16, PNG -> png(bytes, header, name, factor);
            case CMYK_JPEG -> CmykJpeg.decode(bytes, name, factor);
            case GIF -> GifDecoder.decode(bytes, header, name);
            case BMP -> BmpDecoder.decode(bytes, header, name);
            case TIFF -> TiffDecoder.decode(bytes, name, factor);
            case JPEG -> jpeg(bytes, name, factor, damage.isPresent());
            case COLOUR, WEBP -> OpenCvDecoder.colour(bytes, name);
            case HEIF -> throw new IllegalStateException("decoded from a file");
        };
        boolean asAnnounced = factor > 1 || (stored.width() == header.width() && stored.height() == header.height());
        check(
                asAnnounced,
                "%s: the header states %d x %d pixels, but decoding produced %s",
                name,
                header.width(),
                header.height(),
                stored);
        return header.orientation().apply(stored);
    }

    private static Rgb8Image jpeg(byte[] bytes, String name, int factor, boolean damaged) {
        if (factor > 1) {
            return OpenCvDecoder.reducedJpeg(bytes, name, factor);
        }
        Optional<Rgb8Image> quiet = damaged ? DamagedJpeg.decode(bytes) : Optional.empty();
        return quiet.orElseGet(() -> OpenCvDecoder.colour(bytes, name));
    }

    private static Rgb8Image png(byte[] bytes, ImageHeader header, String name, int factor) {
        if (factor > 1) {
            return PngReducer.decode(bytes, header, name, factor);
        }
        byte[] still = PngHeader.still(bytes);
        return header.samples() == ImageHeader.Samples.GREY_16
                ? from16Bits(OpenCvDecoder.grey16(still, name))
                : OpenCvDecoder.colour(still, name);
    }

    /** Converts to 8 bits; OpenCV would keep only the high byte, but the models were trained with {@code round(sample / 257)}. */
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
