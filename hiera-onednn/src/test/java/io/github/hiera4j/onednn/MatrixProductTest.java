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

    /** Shapes of attention between few and many tokens, in plain and transposed views; the seed draws sizes and repeats. */
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
        Value x = g.input("x", Shape.batched(5, 7));
        g.output("whole", g.elementwise(x, function));
        g.output("part", g.elementwise(g.slice(x, 1, 2, 2), function));
        assertAgrees(g.build());
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
