package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order of tokens inside the network, and the conversion to and from raster order.
 *
 * <p>Hiera pools by taking the maximum over neighbours and attends inside mask units. In raster order both would need a
 * gather, so tokens are reordered once, before the first block ("unrolled"): a position along an axis is written as
 * digits {@code ((unit · s₃ + p₃) · s₂ + p₂) · s₁ + p₁}, one digit per pooling, the finest last. Unrolled tokens have the
 * order {@code (p₁, p₂, p₃, unit)}, with the unit varying fastest. Then
 *
 * <ul>
 *   <li>pooling number 1 is a maximum over the leading, contiguous axis {@code p₁}, and leaves {@code (p₂, p₃, unit)};
 *   <li>the tokens of one mask unit are a constant stride apart, after any number of poolings: attention views
 *       {@code [tokens of a unit, units]} and never moves data.
 * </ul>
 *
 * @param unitGrid mask units per axis
 * @param strides the strides per axis of each pooling, the first pooling first; their product is the size of a mask unit
 */
public record TokenOrder(List<Integer> unitGrid, List<List<Integer>> strides) {

    /**
     * {@return the order of an encoder's tokens}
     *
     * @param config the settings of the encoder
     */
    public static TokenOrder of(HieraConfig config) {
        int transitions = config.stages().size() - 1;
        List<List<Integer>> strides =
                IntStream.range(0, transitions).mapToObj(i -> config.qStride()).toList();
        return new TokenOrder(config.unitGrid(), strides);
    }

    /** One digit of a token's position: which pooling consumes it (0: the unit itself), along which axis, its base. */
    private record Digit(int pooling, int axis, int size) {}

    /**
     * Converts {@code [B, N, C]} from raster order to unrolled order.
     *
     * @param g the graph under construction
     * @param x the tensor
     * @return the tokens
     */
    public Value unroll(GraphBuilder g, Value x) {
        int channels = x.size(2);
        Value digits = g.reshape(x, batched(raster(0, true), channels)); // [B, digits of y, digits of x, C]
        Value ordered = g.permute(digits, order(raster(0, true), unrolled(0, true)));
        return g.reshape(ordered, Shape.batched(x.size(1), channels));
    }

    /**
     * Converts unrolled tokens of the whole input, after some poolings, to a map {@code [B, (T,) H, W, C]}.
     *
     * @param g the graph under construction
     * @param x the tensor
     * @param poolings number of query poolings so far
     * @return the map
     */
    public Value reroll(GraphBuilder g, Value x, int poolings) {
        int channels = x.size(2);
        Value digits = g.reshape(x, batched(unrolled(poolings, true), channels));
        Value ordered = g.permute(digits, order(unrolled(poolings, true), raster(poolings, true)));
        return g.reshape(ordered, Shape.batched(append(Axes.multiply(unitGrid, unitSize(poolings)), channels)));
    }

    /**
     * {@return maps {@code [B, units, (t,) h, w, C]} of the unrolled tokens of some mask units}
     *
     * @param g the graph under construction
     * @param x unrolled tokens {@code [B, N, C]}
     * @param units mask units among the tokens
     * @param poolings number of query poolings so far
     */
    public Value rerollUnits(GraphBuilder g, Value x, int units, int poolings) {
        int channels = x.size(2);
        List<Digit> inside = unrolled(poolings, false);
        List<Digit> source = new ArrayList<>(inside);
        source.add(new Digit(0, -1, units));
        List<Digit> target = new ArrayList<>(raster(poolings, false));
        target.add(0, new Digit(0, -1, units));
        Value digits = g.reshape(x, batched(source, channels));
        Value ordered = g.permute(digits, order(source, target));
        List<Integer> sizes = new ArrayList<>(unitSize(poolings));
        sizes.add(0, units);
        return g.reshape(ordered, Shape.batched(append(sizes, channels)));
    }

    /**
     * Returns the positions of the unrolled tokens of the whole input, after some poolings.
     *
     * @param poolings number of query poolings so far, from 0
     * @return for each unrolled token its row-major position in {@link #grid}
     */
    public int[] rasterPositions(int poolings) {
        List<Digit> digits = unrolled(poolings, true);
        List<Integer> grid = grid(poolings);
        int[] positions = new int[Axes.product(grid)];
        for (int token = 0; token < positions.length; token++) {
            int[] coordinates = new int[grid.size()];
            int rest = token;
            for (int i = digits.size() - 1; i >= 0; i--) {
                Digit digit = digits.get(i);
                coordinates[digit.axis()] += rest % digit.size() * weight(digit, poolings);
                rest /= digit.size();
            }
            for (int axis = 0; axis < coordinates.length; axis++) {
                positions[token] = positions[token] * grid.get(axis) + coordinates[axis];
            }
        }
        return positions;
    }

    /** Returns the distance along the axis of two tokens that differ by one in a digit. */
    private int weight(Digit digit, int poolings) {
        int finest = digit.pooling() == 0 ? strides.size() + 1 : digit.pooling();
        int weight = 1;
        for (int pooling = poolings + 1; pooling < finest; pooling++) {
            weight *= strides.get(pooling - 1).get(digit.axis());
        }
        return weight;
    }

    /**
     * {@return the number of tokens of the whole input per axis, after some poolings}
     *
     * @param poolings number of query poolings so far
     */
    public List<Integer> grid(int poolings) {
        return Axes.multiply(unitGrid, unitSize(poolings));
    }

    /**
     * {@return the number of tokens of a mask unit per axis, after some poolings}
     *
     * @param poolings number of query poolings so far
     */
    public List<Integer> unitSize(int poolings) {
        List<Integer> size = unitGrid.stream().map(units -> 1).toList();
        for (List<Integer> stride : strides.subList(poolings, strides.size())) {
            size = Axes.multiply(size, stride);
        }
        return size;
    }

    /** Returns the digits that remain after some poolings in raster order: axis by axis, the finest digit last. */
    private List<Digit> raster(int poolings, boolean withUnits) {
        List<Digit> digits = new ArrayList<>();
        for (int axis = 0; axis < unitGrid.size(); axis++) {
            if (withUnits) {
                add(digits, 0, axis, unitGrid.get(axis));
            }
            for (int pooling = strides.size(); pooling > poolings; pooling--) {
                add(digits, pooling, axis, strides.get(pooling - 1).get(axis));
            }
        }
        return digits;
    }

    /** Returns the same digits in unrolled order: pooling by pooling, the unit last. */
    private List<Digit> unrolled(int poolings, boolean withUnits) {
        List<Digit> digits = new ArrayList<>();
        for (int pooling = poolings + 1; pooling <= strides.size(); pooling++) {
            for (int axis = 0; axis < unitGrid.size(); axis++) {
                add(digits, pooling, axis, strides.get(pooling - 1).get(axis));
            }
        }
        for (int axis = 0; withUnits && axis < unitGrid.size(); axis++) {
            add(digits, 0, axis, unitGrid.get(axis));
        }
        return digits;
    }

    /** Adds a digit unless its base is 1: it would only add an axis of size 1. */
    private static void add(List<Digit> digits, int pooling, int axis, int size) {
        if (size > 1) {
            digits.add(new Digit(pooling, axis, size));
        }
    }

    /** Returns the permutation from one order of digits to another, between a batch and a channel axis. */
    private static List<Integer> order(List<Digit> source, List<Digit> target) {
        List<Integer> order = new ArrayList<>();
        order.add(0);
        target.forEach(digit -> order.add(1 + indexOf(source, digit)));
        order.add(1 + source.size());
        return order;
    }

    private static int indexOf(List<Digit> digits, Digit wanted) {
        int index = 0;
        while (digits.get(index).pooling() != wanted.pooling()
                || digits.get(index).axis() != wanted.axis()) {
            index++;
        }
        return index;
    }

    private static Shape batched(List<Digit> digits, int channels) {
        return Shape.batched(append(digits.stream().map(Digit::size).toList(), channels));
    }

    private static int[] append(List<Integer> sizes, int last) {
        return IntStream.concat(sizes.stream().mapToInt(Integer::intValue), IntStream.of(last))
                .toArray();
    }
}
