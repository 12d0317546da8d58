package io.github.hiera4j.bench;

import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Tests within one or two seconds whether a backend works on this machine: it runs a small Hiera and compares the result with plain Java
 * in double precision.
 */
public final class SelfTest {
    private SelfTest() {}

    /**
     * The result of a backend's self-test.
     *
     * @param backend its name
     * @param passed whether it ran and its error is within the tolerance
     * @param relativeError of the class scores, in float32; NaN if it did not run
     * @param milliseconds of the whole test
     * @param detail its own description, or the failure
     */
    public record Result(String backend, boolean passed, double relativeError, double milliseconds, String detail) {}

    /**
     * Tests one backend on the CPU; faults of the backend are reported in the result and never thrown.
     *
     * @param backend the backend
     * @return the result
     */
    public static Result run(Backend backend) {
        long start = System.nanoTime();
        Availability availability = backend.availability();
        if (!availability.usable()) {
            return new Result(backend.name(), false, Double.NaN, since(start), availability.detail());
        }
        try {
            double error = relativeError(scores(backend), scores(new ReferenceBackend()));
            boolean passed = error <= 5e-6;
            String detail = passed
                    ? availability.detail()
                    : String.format(
                            Locale.ROOT, "the relative error of its scores is %.1e, expected at most 5e-6", error);
            return new Result(backend.name(), passed, error, since(start), detail);
        } catch (RuntimeException | LinkageError fault) {
            return new Result(backend.name(), false, Double.NaN, since(start), String.valueOf(fault.getMessage()));
        }
    }

    private static double[] scores(Backend backend) {
        HieraConfig config = HieraConfig.image()
                .inputSize(List.of(64, 64))
                .embedDim(16)
                .numHeads(1)
                .stages(List.of(1, 1, 1, 1))
                .numClasses(10)
                .build();
        Graph graph = new Hiera(config).inferenceGraph().select(Hiera.LOGITS);
        Map<String, HostTensor> input =
                Map.of(HieraEncoder.INPUT, FormulaWeights.tensor(HieraEncoder.INPUT, Shape.of(1, 3, 64, 64)));
        CompileOptions options = CompileOptions.DEFAULT.withDtype(DType.FLOAT32);
        try (Session session = backend.compile(graph, new FormulaWeights(graph.parameters()), options)) {
            return Objects.requireNonNull(session.run(input).get(Hiera.LOGITS)).toDoubles();
        }
    }

    private static double relativeError(double[] actual, double[] expected) {
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            reference += expected[i] * expected[i];
        }
        return Math.sqrt(difference / reference);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
