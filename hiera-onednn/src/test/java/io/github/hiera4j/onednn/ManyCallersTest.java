package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Eight threads share one session: results are correct, and memory does not grow. */
class ManyCallersTest {
    private static final int CALLERS = 8;
    private static final GoldenCase NANO = Goldens.read("nano_image");

    private static OneDnnSession open(DType dtype) {
        OneDnnBackend backend = new OneDnnBackend();
        CompileOptions options = CompileOptions.DEFAULT.withDtype(dtype).withThreads(2);
        Graph graph = NANO.graph().select(Hiera.LOGITS);
        WeightSource weights = dtype == DType.INT8
                ? Int8Weights.of(
                                graph,
                                NANO.config().encoder(),
                                NANO.weights(),
                                backend,
                                options,
                                QuantizationSettings.DEFAULT)
                        .weights()
                : NANO.weights();
        return backend.compile(graph, weights, options);
    }

    private static Map<String, HostTensor> input(int caller) {
        int[] sizes = NANO.inputShape().sizes();
        sizes[0] = 1 + caller % 3;
        return Map.of("input", FormulaWeights.tensor("input" + caller, Shape.of(sizes)));
    }

    private static float[] logits(OneDnnSession session, int caller) {
        return Objects.requireNonNull(session.run(input(caller)).get(Hiera.LOGITS))
                .toFloats();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "INT8"})
    void everyCallerGetsItsOwnAnswer(DType dtype) throws Exception {
        soak(dtype, 12);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "INT8"})
    void memoryStaysFlatOverThousandsOfCalls(DType dtype) throws Exception {
        soak(dtype, 1500);
    }

    private static void soak(DType dtype, int rounds) throws Exception {
        try (OneDnnSession session = open(dtype)) {
            List<float[]> expected = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                expected.add(logits(session, caller));
            }
            together(session, expected, 12); // every plan, and as many contexts as ever run at a time
            long held = session.nativeBytes();
            long live = OneDnnSession.liveNativeBytes();
            together(session, expected, rounds);
            assertThat(session.nativeBytes()).isLessThanOrEqualTo(held * 5 / 4);
            assertThat(OneDnnSession.liveNativeBytes() - live).isLessThanOrEqualTo(held / 4);
        }
    }

    private static void together(OneDnnSession session, List<float[]> expected, int rounds) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int own = caller;
                calls.add(callers.submit(() -> {
                    for (int round = 0; round < rounds; round++) {
                        float[] actual = logits(session, own);
                        for (int i = 0; i < actual.length; i++) {
                            assertThat(actual[i]).isCloseTo(expected.get(own)[i], within(1e-5f));
                        }
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            callers.shutdown();
        }
    }
}
