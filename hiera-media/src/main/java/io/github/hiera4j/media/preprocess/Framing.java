package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

/** Which part of a picture a network sees, and whether it is cut out before or after resizing. */
public sealed interface Framing {
    /**
     * {@return all of the shorter side, as the three crops along the longer side show it}
     *
     * @param height in pixels
     * @param width in pixels
     */
    Framing withoutMargin(int height, int width);

    /**
     * Resized until it just covers a size, keeping the sides' ratio; then cropped, at whole pixels.
     *
     * @param coverHeight rows the resized picture has at least
     * @param coverWidth columns the resized picture has at least
     * @param roundsDown whether a crop that would begin at half a pixel begins before it, as in transformers; else at the even one
     */
    record ResizeThenCrop(int coverHeight, int coverWidth, boolean roundsDown) implements Framing {
        /**
         * Checks the values.
         *
         * @param coverHeight rows the resized picture has at least
         * @param coverWidth columns the resized picture has at least
         * @param roundsDown whether a crop that would begin at half a pixel begins before it, as in transformers; else at the even one
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public ResizeThenCrop {
            checkCover(coverHeight, coverWidth);
        }

        /**
         * As the released models and timm crop.
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
     * Resized to a size whatever the picture's ratio, then cropped at whole pixels.
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
        check(height > 0 && width > 0, "a picture cannot be resized to cover %d x %d", height, width);
    }

    /**
     * The largest part that has the input's ratio, cropped to a share of it; then resized.
     *
     * @param share of that part that is shown, per side, in (0, 1]
     */
    record CropThenResize(double share) implements Framing {
        /**
         * Checks the values.
         *
         * @param share of that part that is shown, per side, in (0, 1]
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public CropThenResize {
            check(share > 0 && share <= 1, "the share of a picture that is shown must be in (0, 1], got %s", share);
        }

        @Override
        public Framing withoutMargin(int height, int width) {
            return new CropThenResize(1);
        }
    }
}
