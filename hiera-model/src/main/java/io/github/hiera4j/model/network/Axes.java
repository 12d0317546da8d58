package io.github.hiera4j.model.network;

import java.util.List;
import java.util.stream.IntStream;

/** Arithmetic on one number per spatial axis. */
public final class Axes {
    private Axes() {}

    /**
     * {@return the product over all axes: tokens of a grid, elements of a patch}
     *
     * @param values one number per axis
     */
    public static int product(List<Integer> values) {
        return values.stream().reduce(1, Math::multiplyExact);
    }

    /**
     * {@return the quotients, axis by axis, rounded down}
     *
     * @param values one number per axis
     * @param divisors one divisor per axis
     */
    public static List<Integer> divide(List<Integer> values, List<Integer> divisors) {
        return IntStream.range(0, values.size())
                .mapToObj(axis -> values.get(axis) / divisors.get(axis))
                .toList();
    }

    /**
     * {@return the products, axis by axis}
     *
     * @param values one number per axis
     * @param factors one factor per axis
     */
    public static List<Integer> multiply(List<Integer> values, List<Integer> factors) {
        return IntStream.range(0, values.size())
                .mapToObj(axis -> values.get(axis) * factors.get(axis))
                .toList();
    }
}
