package io.github.hiera4j.api.insight.picture;

/**
 * Colours for numbers, in equal steps of perceived lightness (Björn Ottosson, "A perceptual color space for image processing",
 * 2020): equal differences of numbers appear as equal differences of colours, also in grey and for most colour-blind people.
 */
public enum ColourMap {
    /** From dark violet over green to light yellow, for numbers from zero. */
    SEQUENTIAL {
        @Override
        double[] lightnessChromaHue(double share) {
            return new double[] {0.22 + 0.73 * share, 0.17, Math.toRadians(300 - 195 * share)};
        }
    },
    /** From blue over white to orange, for numbers below and above zero. */
    DIVERGING {
        @Override
        double[] lightnessChromaHue(double share) {
            double distance = Math.abs(2 * share - 1);
            return new double[] {0.98 - 0.5 * distance, 0.19 * distance, Math.toRadians(share < 0.5 ? 255 : 50)};
        }
    };

    private static final int STEPS = 256;

    @SuppressWarnings("ImmutableEnumChecker") // filled by the constructor, then only read
    private final int[] table = new int[STEPS];

    ColourMap() {
        for (int step = 0; step < STEPS; step++) {
            double[] colour = lightnessChromaHue(step / (STEPS - 1.0));
            table[step] = nearest(colour[0], colour[1], colour[2]);
        }
    }

    abstract double[] lightnessChromaHue(double share);

    /**
     * Returns the colour of a position in the range.
     *
     * @param share from 0 to 1; values outside are clamped
     * @return {@code 0xRRGGBB}
     */
    public int rgb(double share) {
        double inside = Double.isNaN(share) ? 0 : Math.max(0, Math.min(1, share));
        return table[(int) Math.rint(inside * (STEPS - 1))];
    }

    /** Returns the colour with the highest displayable chroma up to the given one. */
    private static int nearest(double lightness, double chroma, double hue) {
        double possible = chroma;
        while (possible > 0) {
            double[] linear = linear(lightness, possible * Math.cos(hue), possible * Math.sin(hue));
            if (isShown(linear)) {
                return packed(linear);
            }
            possible -= 0.001;
        }
        return packed(linear(lightness, 0, 0));
    }

    private static boolean isShown(double[] linear) {
        for (double value : linear) {
            if (value < 0 || value > 1) {
                return false;
            }
        }
        return true;
    }

    /** Converts Oklab to linear sRGB. */
    private static double[] linear(double lightness, double a, double b) {
        double l = Math.pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
        double m = Math.pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
        double s = Math.pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
        return new double[] {
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
        };
    }

    private static int packed(double[] linear) {
        int rgb = 0;
        for (double value : linear) {
            double clipped = Math.max(0, Math.min(1, value));
            double encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * Math.pow(clipped, 1 / 2.4) - 0.055;
            rgb = rgb << 8 | (int) Math.rint(255 * encoded);
        }
        return rgb;
    }
}
