package io.github.hiera4j.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Token orders on tensors whose every element is its own raster position. */
class TokenOrderTest {

    static Stream<TokenOrder> orders() {
        return Stream.of(
                new TokenOrder(List.of(2, 3), List.of(List.of(2, 2), List.of(2, 2), List.of(2, 2))),
                new TokenOrder(List.of(1, 1), List.of(List.of(2, 2), List.of(2, 2))),
                new TokenOrder(List.of(4, 2, 2), List.of(List.of(1, 2, 2), List.of(1, 2, 2), List.of(1, 2, 2))),
                new TokenOrder(List.of(2, 1, 3), List.of(List.of(2, 2, 2), List.of(2, 2, 2))),
                new TokenOrder(List.of(5), List.of(List.of(3), List.of(3))));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void rerollingUndoesUnrolling(TokenOrder order) {
        int tokens = Axes.product(Axes.multiply(order.unitGrid(), order.unitSize(0)));
        assertThat(run(order, tokens, (g, x) -> order.reroll(g, order.unroll(g, x), 0)))
                .containsExactly(raster(tokens));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void theUnitRunsFastestAndTheFinestDigitSlowest(TokenOrder order) {
        List<Integer> grid = Axes.multiply(order.unitGrid(), order.unitSize(0));
        int tokens = Axes.product(grid);
        double[] unrolled = run(order, tokens, order::unroll);
        for (int position = 0; position < tokens; position++) {
            assertThat(unrolled[position]).isEqualTo(rasterOf(order, grid, position));
        }
    }

    /** Returns the raster position of an unrolled token from the definition of the digits: p1, p2, …, unit, each over all axes. */
    private static int rasterOf(TokenOrder order, List<Integer> grid, int unrolled) {
        int axes = grid.size();
        int[] coordinate = new int[axes];
        int rest = unrolled;
        int[] unit = new int[axes];
        for (int axis = axes - 1; axis >= 0; axis--) {
            unit[axis] = rest % order.unitGrid().get(axis);
            rest /= order.unitGrid().get(axis);
        }
        int poolings = order.strides().size();
        int[][] digit = new int[poolings][axes];
        for (int pooling = poolings - 1; pooling >= 0; pooling--) {
            for (int axis = axes - 1; axis >= 0; axis--) {
                int base = order.strides().get(pooling).get(axis);
                digit[pooling][axis] = rest % base;
                rest /= base;
            }
        }
        int raster = 0;
        for (int axis = 0; axis < axes; axis++) {
            coordinate[axis] = unit[axis];
            for (int pooling = poolings - 1; pooling >= 0; pooling--) {
                coordinate[axis] =
                        coordinate[axis] * order.strides().get(pooling).get(axis) + digit[pooling][axis];
            }
            raster = raster * grid.get(axis) + coordinate[axis];
        }
        return raster;
    }

    private interface Step {
        Value apply(GraphBuilder g, Value x);
    }

    private static double[] run(TokenOrder order, int tokens, Step step) {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("tokens", Shape.batched(tokens, 1));
        g.output("result", step.apply(g, x));
        float[] positions = new float[tokens];
        IntStream.range(0, tokens).forEach(i -> positions[i] = i);
        try (Session session =
                new ReferenceBackend().compile(g.build(), new FormulaWeights(Map.of()), CompileOptions.DEFAULT)) {
            HostTensor input = HostTensor.of(Shape.of(1, tokens, 1), positions);
            return Objects.requireNonNull(session.run(Map.of("tokens", input)).get("result"), order.toString())
                    .toDoubles();
        }
    }

    private static double[] raster(int tokens) {
        return IntStream.range(0, tokens).asDoubleStream().toArray();
    }
}
