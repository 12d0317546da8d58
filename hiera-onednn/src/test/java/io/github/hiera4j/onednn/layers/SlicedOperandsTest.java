package io.github.hiera4j.onednn.layers;

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
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onednn.OneDnnBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operands that are part of a larger tensor and start inside it. With one sample a slice of tokens has no gaps, so that it is not
 * copied before an operation reads it.
 */
class SlicedOperandsTest {
    private static final int TOKENS = 6;
    private static final int CHANNELS = 4;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyOperationReadsASliceFromItsFirstElement(int batch) {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("x", Shape.batched(TOKENS, CHANNELS));
        Value y = g.input("y", Shape.batched(TOKENS, CHANNELS));
        Value index = g.indexInput("index", Shape.batched(4));
        Value tail = g.slice(x, 1, 2, 3);
        Value other = g.slice(y, 1, 3, 3);
        g.output("gathered", g.gatherTokens(tail, g.slice(index, 1, 1, 2)));
        g.output("error", g.meanSquaredError(tail, other));
        g.output("sum", g.add(tail, other));
        g.output("product", g.multiply(tail, other));
        g.output("sine", g.elementwise(tail, Function.SINE));
        g.output("softmax", g.softmax(tail));
        g.output("turned", g.permute(tail, List.of(0, 2, 1)));
        g.output("front", g.slice(g.add(x, y), 1, 0, 2));
        g.output("back", g.slice(g.add(x, y), 1, 4, 2));
        Graph graph = g.build();

        compare(graph, feeds(batch));
    }

    private static Map<String, HostTensor> feeds(int batch) {
        HostTensor index = HostTensor.allocate(DType.INT64, Shape.of(batch, 4));
        for (int i = 0; i < index.elements(); i++) {
            index.bytes().putLong(i * Long.BYTES, (i + 1) % 3);
        }
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put("x", FormulaWeights.tensor("input_x", Shape.of(batch, TOKENS, CHANNELS)));
        feeds.put("y", FormulaWeights.tensor("input_y", Shape.of(batch, TOKENS, CHANNELS)));
        feeds.put("index", index);
        return feeds;
    }

    private static void compare(Graph graph, Map<String, HostTensor> feeds) {
        FormulaWeights none = new FormulaWeights(graph.parameters());
        try (Session exact = new ReferenceBackend().compile(graph, none, CompileOptions.DEFAULT);
                Session tested = new OneDnnBackend().compile(graph, none, CompileOptions.DEFAULT)) {
            Map<String, HostTensor> expected = exact.run(feeds);
            Map<String, HostTensor> actual = tested.run(feeds);
            expected.forEach((name, values) -> {
                HostTensor result = Objects.requireNonNull(actual.get(name));
                for (int i = 0; i < values.elements(); i++) {
                    assertThat(result.get(i)).as("%s[%d]", name, i).isCloseTo(values.get(i), within(1e-6));
                }
            });
        }
    }
}
