package io.github.hiera4j.onednn;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.quantize.Quantizer;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Quantises the smallest models and compares their results. */
final class NanoInt8 {
    static final OneDnnBackend ENGINE = new OneDnnBackend();
    static final CompileOptions INT8 = CompileOptions.DEFAULT.withDtype(DType.INT8);
    static final GoldenCase NANO = Goldens.read("nano_image");

    private NanoInt8() {}

    static Quantizer.Result quantize(GoldenCase golden, QuantizationSettings settings) {
        HieraConfig config = (HieraConfig) golden.config();
        return new Quantizer(
                        config.inferenceGraph(),
                        Hiera.LOGITS,
                        golden.weights(),
                        ENGINE,
                        CompileOptions.DEFAULT,
                        settings)
                .quantize(samples(golden));
    }

    /** Noise like the pixels of the tests. */
    static List<HostTensor> samples(GoldenCase golden) {
        int[] sizes = golden.inputShape().sizes();
        sizes[0] = 1;
        return IntStream.range(0, 3)
                .mapToObj(number -> FormulaWeights.tensor("input.sample" + number, Shape.of(sizes)))
                .toList();
    }

    static HostTensor logits(Graph graph, WeightSource weights, CompileOptions options, HostTensor pixels) {
        try (Session session = ENGINE.compile(graph.select(Hiera.LOGITS), weights, options)) {
            return Objects.requireNonNull(
                    session.run(Map.of(HieraEncoder.INPUT, pixels)).get(Hiera.LOGITS));
        }
    }

    static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            reference += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / reference);
    }

    static HostTensor pixels(GoldenCase golden, int batch) {
        int[] sizes = golden.inputShape().sizes();
        sizes[0] = batch;
        return FormulaWeights.tensor("input" + batch, Shape.of(sizes));
    }
}
