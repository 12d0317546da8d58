package io.github.hiera4j.train.augment;

import io.github.hiera4j.media.Rgb8Image;

/** RandAugment's operations, "increasing": a larger magnitude (0 to 10) changes the picture more. */
public enum AugmentOp {
    AUTO_CONTRAST("AutoContrast") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.autoContrast(image);
        }
    },
    EQUALIZE("Equalize") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.equalize(image);
        }
    },
    INVERT("Invert") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.invert(image);
        }
    },
    ROTATE("Rotate") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.rotate(image, signed(30 * level(magnitude), negative));
        }
    },
    POSTERIZE("PosterizeIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.posterize(image, 4 - (int) (4 * level(magnitude)));
        }
    },
    SOLARIZE("SolarizeIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.solarize(image, 256 - (int) (256 * level(magnitude)));
        }
    },
    SOLARIZE_ADD("SolarizeAdd") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.solarizeAdd(image, Math.min(128, (int) (110 * level(magnitude))));
        }
    },
    COLOUR("ColorIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.colour(image, enhancement(magnitude, negative));
        }
    },
    CONTRAST("ContrastIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.contrast(image, enhancement(magnitude, negative));
        }
    },
    BRIGHTNESS("BrightnessIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.brightness(image, enhancement(magnitude, negative));
        }
    },
    SHARPNESS("SharpnessIncreasing") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return ColourOps.sharpness(image, enhancement(magnitude, negative));
        }
    },
    SHEAR_X("ShearX") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.shearX(image, signed(0.3 * level(magnitude), negative));
        }
    },
    SHEAR_Y("ShearY") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.shearY(image, signed(0.3 * level(magnitude), negative));
        }
    },
    TRANSLATE_X("TranslateXRel") {
        @Override
        public Rgb8Image apply(Rgb8Image image, double magnitude, boolean negative) {
            return Affine.translateX(image, signed(0.45 * level(magnitude), negative));
        }
    },
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

    /** The name in the reference's tables. */
    public String publishedName() {
        return publishedName;
    }

    /**
     * The changed picture, of the same size.
     *
     * @param magnitude 0 to 10
     * @param negative for operations with a direction: the other one
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
