package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

/** Which part of a picture a network sees, and whether it is cut out before or after resizing. */
public sealed interface Framing {
    /** All of the shorter side, as the three crops along the longer side show it. */
    Framing withoutMargin(int height, int width);

    /**
     * Resized until it just covers a size, keeping the sides' ratio; then cropped, at whole pixels.
     *
     * @param coverHeight rows the resized picture has at least
     * @param coverWidth columns the resized picture has at least
     */
    record ResizeThenCrop(int coverHeight, int coverWidth) implements Framing {
        public ResizeThenCrop {
            check(
                    coverHeight > 0 && coverWidth > 0,
                    "a picture cannot be resized to cover %d x %d",
                    coverHeight,
                    coverWidth);
        }

        @Override
        public Framing withoutMargin(int height, int width) {
            return new ResizeThenCrop(height, width);
        }
    }

    /**
     * The largest part that has the input's ratio, cropped to a share of it; then resized.
     *
     * @param share of that part that is shown, per side, in (0, 1]
     */
    record CropThenResize(double share) implements Framing {
        public CropThenResize {
            check(share > 0 && share <= 1, "the share of a picture that is shown must be in (0, 1], got %s", share);
        }

        @Override
        public Framing withoutMargin(int height, int width) {
            return new CropThenResize(1);
        }
    }
}
