package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixProductTest {
    private static final int BATCH = 3;

    /** Shapes of attention between few and many tokens, in plain and transposed views; sizes and repeats depend on the seed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void productsOfViewsAreThoseOfTheReference(int seed) {
        Random random = new Random(seed);
        int heads = 1 + random.nextInt(4);
        int rows = 1 + random.nextInt(9);
        int inner = 1 + random.nextInt(33);
        int columns = 1 + random.nextInt(70);
        GraphBuilder g = new GraphBuilder();
        Value left = g.input("left", batch(random.nextBoolean(), rows, heads, inner));
        Value right = g.input("right", Shape.batched(columns, heads, inner));
        g.output(
                "product",
                g.matrixProduct(g.permute(left, List.of(0, 2, 1, 3)), g.permute(right, List.of(0, 2, 3, 1))));
        assertAgrees(g.build());
    }

    private static Shape batch(boolean repeated, int... sizes) {
        return repeated ? Shape.batched(sizes).withBatch(1) : Shape.batched(sizes);
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void functionsAreThoseOfTheReferenceAlsoOnSlices(Function function) {
        GraphBuilder g = new GraphBuilder();
        Value any = g.input("x", Shape.batched(5, 7));
        Value x = function == Function.INVERSE_SQUARE_ROOT ? g.elementwise(any, Function.SIGMOID) : any; // above 0
        g.output("whole", g.elementwise(x, function));
        g.output("part", g.elementwise(g.slice(x, 1, 2, 2), function));
        assertAgrees(g.build());
    }

    /** A constant (folded or a parameter) that is an output or a summand is also a layer's matrix: in either order, in one plan or two. */
    @ParameterizedTest
    @ValueSource(strings = {"matrix first", "matrix last"})
    void aConstantMayBeAMatrixAndAResultAtOnce(String order) {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("x", Shape.batched(5, 4));
        Value parameter = g.parameter("m.weight", Shape.of(4, 4));
        Value folded = g.multiply(g.parameter("a.weight", Shape.of(4, 4)), parameter);
        boolean matrixFirst = order.equals("matrix first");
        if (!matrixFirst) {
            g.output("folded", folded);
            g.output("parameter", parameter);
        }
        g.output("product", g.matmul(g.matmul(x, "one", folded), "two", parameter));
        if (matrixFirst) {
            g.output("folded", folded);
            g.output("parameter", parameter);
        }
        g.output("scaled", g.multiply(g.slice(x, 1, 0, 4), g.reshape(folded, 1, 4, 4)));
        Graph graph = g.build();
        assertAgrees(graph);
        FormulaWeights weights = new FormulaWeights(graph.parameters());
        Map<String, HostTensor> feeds = Map.of("x", FormulaWeights.tensor("input_x", Shape.of(BATCH, 5, 4)));
        try (Session session = new OneDnnBackend().compile(graph, weights, CompileOptions.DEFAULT)) {
            List<String> names = new java.util.ArrayList<>(graph.outputs().keySet());
            if (matrixFirst) {
                java.util.Collections.reverse(names);
            }
            Map<String, HostTensor> all = session.run(feeds);
            for (String name : names) { // separate plans
                assertThat(Objects.requireNonNull(
                                        session.run(feeds, List.of(name)).get(name))
                                .toFloats())
                        .containsExactly(Objects.requireNonNull(all.get(name)).toFloats());
            }
        }
    }

    private static void assertAgrees(Graph graph) {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        graph.inputs()
                .forEach((name, node) -> feeds.put(
                        name,
                        FormulaWeights.tensor("input_" + name, node.shape().withBatch(BATCH))));
        FormulaWeights none = new FormulaWeights(graph.parameters());
        try (Session exact = new ReferenceBackend().compile(graph, none, CompileOptions.DEFAULT);
                Session tested = new OneDnnBackend().compile(graph, none, CompileOptions.DEFAULT)) {
            Map<String, HostTensor> expected = exact.run(feeds);
            Map<String, HostTensor> actual = tested.run(feeds);
            expected.forEach((name, tensor) -> {
                HostTensor result = Objects.requireNonNull(actual.get(name));
                assertThat(result.shape()).isEqualTo(tensor.shape());
                for (int i = 0; i < tensor.elements(); i++) {
                    assertThat(result.get(i)).as("%s[%d]", name, i).isCloseTo(tensor.get(i), within(2e-5));
                }
            });
        }
    }
}
