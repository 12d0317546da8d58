package io.github.hiera4j.media.resample;

import io.github.hiera4j.model.HieraException;
import java.util.Locale;

/** The filters models were trained with, as Pillow defines them. */
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
    };

    private final double support;

    Interpolation(double support) {
        this.support = support;
    }

    /**
     * Finds a filter by the name that checkpoints use: {@code bilinear} or {@code bicubic}.
     *
     * @throws HieraException for any other name
     */
    public static Interpolation parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "bilinear" -> BILINEAR;
            case "bicubic" -> BICUBIC;
            default -> throw new HieraException("unknown interpolation '" + name + "': expected bilinear or bicubic");
        };
    }

    /** Half the filter's width, in source samples at scale 1. */
    double support() {
        return support;
    }

    /** The filter's height at a distance from its centre, not normalised. */
    abstract double weight(double distance);
}
