package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;

/**
 * What decoding one image may take.
 *
 * @param maxPixels pixels of the decoded image
 * @param maxBytes memory while it is decoded, the compressed file not counted: the decoder's own, its result and the copy
 *     of it
 */
record ImageLimits(long maxPixels, long maxBytes) {
    private static final String PIXELS_PROPERTY = "hiera.media.maxPixels";
    private static final String MEGABYTES_PROPERTY = "hiera.media.maxImageMegabytes";

    /** The system properties that raise the default limits, as messages name them. */
    static final String RAISE = "-D" + PIXELS_PROPERTY + "=N and -D" + MEGABYTES_PROPERTY + "=N";

    /** Factors beyond make a few pixels of an image; files that need them are bombs. */
    private static final int LARGEST_FACTOR = 8;

    /** No file with more pixels is decoded, reduced or not: the time grows with them. */
    private static final long MOST_STORED_PIXELS = 1L << 28;

    static ImageLimits byDefault() {
        return new ImageLimits(
                Long.getLong(PIXELS_PROPERTY, ImageReader.DEFAULT_MAX_PIXELS),
                Long.getLong(MEGABYTES_PROPERTY, ImageReader.DEFAULT_MAX_MEGABYTES) << 20);
    }

    /** Only the pixels are limited by the caller; memory stays as it is by default. */
    static ImageLimits ofPixels(long maxPixels) {
        return new ImageLimits(maxPixels, Long.getLong(MEGABYTES_PROPERTY, ImageReader.DEFAULT_MAX_MEGABYTES) << 20);
    }

    /**
     * The smallest factor by which the image must be reduced to stay within the limits; 0 if there is none.
     *
     * @param reducible whether the decoder of this file can reduce at all
     */
    int factor(ImageHeader header, boolean reducible) {
        long stored = (long) header.width() * header.height();
        for (int factor = 1; factor <= (reducible && stored <= MOST_STORED_PIXELS ? LARGEST_FACTOR : 1); factor *= 2) {
            long pixels = stored / ((long) factor * factor);
            if (pixels <= maxPixels && bytes(header, pixels) <= maxBytes) {
                return factor;
            }
        }
        return 0;
    }

    private static long bytes(ImageHeader header, long pixels) {
        int perPixel = switch (header.samples()) {
            case TIFF, BMP -> Rgb8Image.CHANNELS;
            case GIF -> Rgb8Image.CHANNELS + 2; // palette indices, of the frame and of the picture
            case GREY_16, CMYK_JPEG -> Rgb8Image.CHANNELS + 4;
            case COLOUR, JPEG, PNG, WEBP, HEIF -> 2 * Rgb8Image.CHANNELS; // the decoder's result and its copy
        };
        return header.decoderBytes() + pixels * perPixel;
    }
}
