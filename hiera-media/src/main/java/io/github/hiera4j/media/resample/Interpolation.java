package io.github.hiera4j.media.resample;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.Locale;

/** The filters used in training models, as defined in Pillow. */
public enum Interpolation {
    /** A triangle of support 1. */
    BILINEAR(1) {
        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            return x < 1 ? 1 - x : 0;
        }
    },
    /** The cubic convolution of Keys (1981) with a = -0.5, support 2. */
    BICUBIC(2) {
        private static final double A = -0.5;

        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((A + 2) * x - (A + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
        }
    },
    /** A windowed sinc of support 3. */
    LANCZOS(3) {
        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            return x < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    },
    /** A rectangle of support 1/2: the mean of the pixels it covers. */
    BOX(0.5) {
        @Override
        double weight(double distance) {
            return distance > -0.5 && distance <= 0.5 ? 1 : 0;
        }
    },
    /** A sinc of support 1 in a Hamming window. */
    HAMMING(1) {
        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            return x < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI)) : 0;
        }
    };

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }

    private final double support;

    Interpolation(double support) {
        this.support = support;
    }

    /**
     * Finds a filter by the name that checkpoints use: {@code bilinear}, {@code bicubic}, {@code lanczos}, {@code box} or {@code hamming}.
     *
     * @param name such as {@code bicubic}
     * @return the filter
     * @throws HieraException for any other name
     */
    public static Interpolation parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "bilinear" -> BILINEAR;
            case "bicubic" -> BICUBIC;
            case "lanczos" -> LANCZOS;
            case "box" -> BOX;
            case "hamming" -> HAMMING;
            default ->
                throw new HieraException("unknown interpolation '" + Printable.of(name)
                        + "': expected bilinear, bicubic, lanczos, box or hamming");
        };
    }

    /** Returns half the filter's width, in source samples at scale 1. */
    double support() {
        return support;
    }

    /** Returns the filter's value at a distance from its centre, not normalised. */
    abstract double weight(double distance);
}
