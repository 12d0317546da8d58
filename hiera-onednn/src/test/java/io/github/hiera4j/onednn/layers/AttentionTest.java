package io.github.hiera4j.onednn.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onednn.OneDnnBackend;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attention of many shapes against plain Java. oneDNN has kernels that are wrong for some shapes, such as a batch of as many samples
 * as a window has queries: the result for one shape cannot be inferred from that for another.
 */
public class AttentionTest {
    private static final int[] BATCHES = {1, 2, 3, 4, 6, 8, 9, 12, 16};
    private static final int[] WINDOWS = {1, 2, 3, 4, 9, 16};
    private static final int[] HEADS = {1, 2, 3, 4};
    private static final int[] QUERIES = {1, 2, 3, 4, 8, 9, 16};
    private static final int[] POOLS = {1, 2, 4};
    private static final int[] HEAD_DIMS = {4, 8, 16, 48};

    @ParameterizedTest
    @CsvSource({
        // batch, windows, heads, queries, query pool, head dim: as many samples as queries, or as keys, in published
        // proportions
        "4, 49, 4, 4, 4, 96",
        "16, 49, 2, 16, 1, 96",
        "16, 49, 2, 4, 4, 96",
        "16, 16, 1, 16, 1, 48",
        "12, 2, 4, 4, 4, 16",
        "9, 1, 4, 3, 1, 96",
    })
    void shapesThatWereOnceWrongAgreeWithPlainJava(
            int batch, int windows, int heads, int queries, int pool, int headDim) {
        compare(batch, windows, heads, queries, pool, headDim);
    }

    @ParameterizedTest
    @CsvSource({
        // more scores in a head than fit in a cache: tiles of equal and of unequal heights, one window and several,
        // pooled queries
        "1, 1, 2, 600, 1, 16",
        "2, 1, 1, 601, 1, 24",
        "5, 1, 2, 331, 4, 8",
        "1, 2, 3, 613, 1, 8",
        "1, 1, 1, 39, 257, 8",
    })
    void longWindowsAgreeWithPlainJava(int batch, int windows, int heads, int queries, int pool, int headDim) {
        compare(batch, windows, heads, queries, pool, headDim);
    }

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyShapeAgreesWithPlainJava(long seed) {
        Random random = new Random(seed);
        compare(
                pick(BATCHES, random),
                pick(WINDOWS, random),
                pick(HEADS, random),
                pick(QUERIES, random),
                pick(POOLS, random),
                pick(HEAD_DIMS, random));
    }

    private static int pick(int[] choices, Random random) {
        return choices[random.nextInt(choices.length)];
    }

    private static void compare(int batch, int windows, int heads, int queries, int pool, int headDim) {
        int tokens = windows * queries * pool;
        GraphBuilder g = new GraphBuilder();
        Value qkv = g.input("input", Shape.batched(tokens, 3 * heads * headDim));
        g.output("attended", g.attention(qkv, heads, windows, pool));
        Graph graph = g.build();
        FormulaWeights none = new FormulaWeights(graph.parameters());
        Map<String, HostTensor> feeds =
                Map.of("input", FormulaWeights.tensor("input", Shape.of(batch, tokens, 3 * heads * headDim)));
        try (Session exact = new ReferenceBackend().compile(graph, none, CompileOptions.DEFAULT);
                Session tested = new OneDnnBackend().compile(graph, none, CompileOptions.DEFAULT)) {
            HostTensor expected = Objects.requireNonNull(exact.run(feeds).get("attended"));
            HostTensor actual = Objects.requireNonNull(tested.run(feeds).get("attended"));
            double largest = 0;
            for (int i = 0; i < expected.elements(); i++) {
                double difference = Math.abs(expected.get(i) - actual.get(i));
                largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
            }
            assertThat(largest)
                    .as(
                            "batch %d, %d windows, %d heads, %d queries pooled from %d, %d channels",
                            batch, windows, heads, queries, queries * pool, headDim)
                    .isLessThan(1e-5);
        }
    }
}
