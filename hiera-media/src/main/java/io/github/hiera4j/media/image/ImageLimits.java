package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;

/**
 * The limits for decoding one image.
 *
 * @param maxPixels maximum pixels of the decoded image
 * @param maxBytes maximum memory for decoding, not counting the compressed file: that of the decoder, its result and the copy of the
 *     result
 */
record ImageLimits(long maxPixels, long maxBytes) {
    private static final String PIXELS_PROPERTY = "hiera.media.maxPixels";
    private static final String MEGABYTES_PROPERTY = "hiera.media.maxImageMegabytes";

    /** The system properties that raise the default limits, for messages. */
    static final String RAISE = "-D" + PIXELS_PROPERTY + "=N and -D" + MEGABYTES_PROPERTY + "=N";

    /** Larger factors would leave only a few pixels of an image; files that need them are decompression bombs. */
    private static final int LARGEST_FACTOR = 8;

    /** Files with more pixels are not decoded even in reduced size, because the time grows with the stored pixels. */
    private static final long MOST_STORED_PIXELS = 1L << 28;

    static ImageLimits byDefault() {
        return new ImageLimits(
                Long.getLong(PIXELS_PROPERTY, ImageReader.DEFAULT_MAX_PIXELS),
                Long.getLong(MEGABYTES_PROPERTY, ImageReader.DEFAULT_MAX_MEGABYTES) << 20);
    }

    /** Returns limits with the given number of pixels and the default memory. */
    static ImageLimits ofPixels(long maxPixels) {
        return new ImageLimits(maxPixels, Long.getLong(MEGABYTES_PROPERTY, ImageReader.DEFAULT_MAX_MEGABYTES) << 20);
    }

    /**
     * Returns the smallest factor by which the image must be reduced to stay within the limits; 0 if there is none.
     *
     * @param reducible whether the decoder for this file supports reduction
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
            case GIF -> Rgb8Image.CHANNELS + 2; // palette indices of the frame and of the whole image
            case GREY_16, CMYK_JPEG -> Rgb8Image.CHANNELS + 4;
            case COLOUR, JPEG, PNG, WEBP, HEIF -> 2 * Rgb8Image.CHANNELS; // the decoder's result and its copy
        };
        return header.decoderBytes() + pixels * perPixel;
    }
}
