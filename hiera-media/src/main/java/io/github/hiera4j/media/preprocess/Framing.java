package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

/** The part of an image that a network receives, and whether it is cropped before or after resizing. */
public sealed interface Framing {
    /**
     * {@return the framing for three crops along the longer side, which cover the whole shorter side}
     *
     * @param height in pixels
     * @param width in pixels
     */
    Framing withoutMargin(int height, int width);

    /**
     * Resizes the image so that it just covers a size, keeping the aspect ratio; then crops at whole pixels.
     *
     * @param coverHeight minimum rows of the resized image
     * @param coverWidth minimum columns of the resized image
     * @param roundsDown whether the start of a crop at half a pixel is rounded down, as in transformers; otherwise to the even pixel
     */
    record ResizeThenCrop(int coverHeight, int coverWidth, boolean roundsDown) implements Framing {
        /**
         * Checks the values.
         *
         * @param coverHeight minimum rows of the resized image
         * @param coverWidth minimum columns of the resized image
         * @param roundsDown whether the start of a crop at half a pixel is rounded down, as in transformers; otherwise to the even pixel
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public ResizeThenCrop {
            checkCover(coverHeight, coverWidth);
        }

        /**
         * Creates the framing of the released models and timm.
         *
         * @param coverHeight in pixels
         * @param coverWidth in pixels
         */
        public ResizeThenCrop(int coverHeight, int coverWidth) {
            this(coverHeight, coverWidth, false);
        }

        @Override
        public Framing withoutMargin(int height, int width) {
            return new ResizeThenCrop(height, width, roundsDown);
        }
    }

    /**
     * Resizes the image to a size regardless of its aspect ratio, then crops at whole pixels.
     *
     * @param height rows of the resized picture
     * @param width columns of the resized picture
     * @param roundsDown see {@link ResizeThenCrop}
     */
    record SquashThenCrop(int height, int width, boolean roundsDown) implements Framing {
        /**
         * Checks the values.
         *
         * @param height rows of the resized picture
         * @param width columns of the resized picture
         * @param roundsDown see {@link ResizeThenCrop}
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public SquashThenCrop {
            checkCover(height, width);
        }

        @Override
        public Framing withoutMargin(int cropHeight, int cropWidth) {
            return new SquashThenCrop(cropHeight, cropWidth, roundsDown);
        }
    }

    private static void checkCover(int height, int width) {
        check(height > 0 && width > 0, "an image cannot be resized to cover %d x %d", height, width);
    }

    /**
     * Crops to a share of the largest part with the aspect ratio of the input, then resizes.
     *
     * @param share the share of that part to keep, per side, in (0, 1]
     */
    record CropThenResize(double share) implements Framing {
        /**
         * Checks the values.
         *
         * @param share the share of that part to keep, per side, in (0, 1]
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public CropThenResize {
            check(share > 0 && share <= 1, "the share of an image to keep must be in (0, 1], got %s", share);
        }

        @Override
        public Framing withoutMargin(int height, int width) {
            return new CropThenResize(1);
        }
    }
}
