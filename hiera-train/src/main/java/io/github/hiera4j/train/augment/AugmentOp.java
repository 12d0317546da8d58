package io.github.hiera4j.train.augment;

import io.github.hiera4j.media.Rgb8Image;

/** RandAugment's operations in the "increasing" variant: a larger magnitude (0 to 10) changes the picture more. */
public enum AugmentOp {
    /** Stretches each channel to the full range. */
    AUTO_CONTRAST("AutoContrast") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.autoContrast(image);
        }
    },
    /** Equalises each channel's histogram. */
    EQUALIZE("Equalize") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.equalize(image);
        }
    },
    /** Inverts every value. */
    INVERT("Invert") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.invert(image);
        }
    },
    /** Rotates by up to 30 degrees. */
    ROTATE("Rotate") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.rotate(image, signed(30 * level(magnitude), negative));
        }
    },
    /** Keeps only the high bits of every value. */
    POSTERIZE("PosterizeIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.posterize(image, 4 - (int) (4 * level(magnitude)));
        }
    },
    /** Inverts the values at or above a threshold. */
    SOLARIZE("SolarizeIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.solarize(image, 256 - (int) (256 * level(magnitude)));
        }
    },
    /** Adds to the values below 128. */
    SOLARIZE_ADD("SolarizeAdd") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.solarizeAdd(image, Math.min(128, (int) (110 * level(magnitude))));
        }
    },
    /** Blends with a grey picture, or away from it. */
    COLOUR("ColorIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.colour(image, enhancement(magnitude, negative));
        }
    },
    /** Blends with the mean grey, or away from it. */
    CONTRAST("ContrastIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.contrast(image, enhancement(magnitude, negative));
        }
    },
    /** Blends with black, or away from it. */
    BRIGHTNESS("BrightnessIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.brightness(image, enhancement(magnitude, negative));
        }
    },
    /** Blends with a smoothed picture, or away from it. */
    SHARPNESS("SharpnessIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.sharpness(image, enhancement(magnitude, negative));
        }
    },
    /** Shears horizontally. */
    SHEAR_X("ShearX") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.shearX(image, signed(0.3 * level(magnitude), negative));
        }
    },
    /** Shears vertically. */
    SHEAR_Y("ShearY") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.shearY(image, signed(0.3 * level(magnitude), negative));
        }
    },
    /** Translates horizontally by a fraction of the width. */
    TRANSLATE_X("TranslateXRel") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.translateX(image, signed(0.45 * level(magnitude), negative));
        }
    },
    /** Translates vertically by a fraction of the height. */
    TRANSLATE_Y("TranslateYRel") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.translateY(image, signed(0.45 * level(magnitude), negative));
        }
    };

    private final String publishedName;

    AugmentOp(String publishedName) {
        this.publishedName = publishedName;
    }

    /** {@return the name in the reference's tables} */
    public String publishedName() {
        return publishedName;
    }

    /**
     * {@return the changed picture, of the same size}
     *
     * @param image the picture
     * @param magnitude 0 to 10
     * @param negative whether to use the opposite direction; ignored by operations without a direction
     */
    public abstract Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative);

    private static double level(double magnitude) {
        return magnitude / 10;
    }

    private static double signed(double value, boolean negative) {
        return negative ? -value : value;
    }

    private static double enhancement(double magnitude, boolean negative) {
        return Math.max(0.1, 1 + signed(0.9 * level(magnitude), negative));
    }
}
