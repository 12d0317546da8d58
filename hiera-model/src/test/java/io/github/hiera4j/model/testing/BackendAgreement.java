package io.github.hiera4j.model.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Compares a backend with the plain-Java one on configurations that no golden case covers. */
public final class BackendAgreement {
    private static final int LARGEST_BATCH = 5;

    private BackendAgreement() {}

    /** Compares every output of the seed's configuration in float32 with float64. */
    public static void check(Backend backend, long seed) {
        ModelConfig config = RandomConfigs.draw(seed);
        Random random = new Random(seed);
        int batch = (int) (1 + seed % LARGEST_BATCH);
        Graph graph = config.inferenceGraph();
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        if (config instanceof MaeConfig mae) {
            int units = Axes.product(mae.encoder().unitGrid());
            double ratio = 1 - (1 + random.nextInt(units - 1) + 0.5) / units;
            int keep = MaskUnits.keepCount(units, ratio);
            graph = new HieraMae(mae).inferenceGraph(keep);
            feeds.putAll(MaskUnits.random(mae, batch, ratio, random).feeds(mae));
        }
        Node input = Objects.requireNonNull(graph.inputs().get(HieraEncoder.INPUT));
        feeds.put(
                HieraEncoder.INPUT, FormulaWeights.tensor("input", input.shape().withBatch(batch)));
        FormulaWeights weights = new FormulaWeights(graph.parameters());
        try (Session exact = new ReferenceBackend().compile(graph, weights, CompileOptions.DEFAULT);
                Session tested = backend.compile(graph, weights, CompileOptions.DEFAULT)) {
            Map<String, HostTensor> expected = exact.run(feeds);
            Map<String, HostTensor> actual = tested.run(feeds);
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, tensor) -> assertThat(relativeL2(tensor, Objects.requireNonNull(actual.get(name))))
                    .as("output %s of seed %d, batch %d: %s", name, seed, batch, config)
                    .isLessThan(5e-6));
        }
    }

    private static double relativeL2(HostTensor expected, HostTensor actual) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.elements(); i++) {
            difference += Math.pow(actual.get(i) - expected.get(i), 2);
            reference += Math.pow(expected.get(i), 2);
        }
        return Math.sqrt(difference / Math.max(reference, 1e-12));
    }
}
