package io.github.hiera4j.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.torch.TorchMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradient of a step that consists of several passes. */
class GradientAccumulationTest {
    private static final int BATCH = 3;

    private static Graph graph() {
        return new Hiera(Goldens.read("nano_image").config().encoder()).trainingGraph();
    }

    private static Map<String, HostTensor> pixels(Graph graph, String seed) {
        Shape shape =
                Objects.requireNonNull(graph.inputs().get(HieraEncoder.INPUT)).shape();
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor(seed, shape.withBatch(BATCH)));
    }

    private static Map<String, HostTensor> targets(Graph graph) {
        long classes = Objects.requireNonNull(graph.inputs().get(Hiera.TARGETS))
                .shape()
                .size(1);
        float[] targets = new float[(int) (BATCH * classes)];
        for (int sample = 0; sample < BATCH; sample++) {
            targets[(int) (sample * classes + sample % classes)] = 1;
        }
        return Map.of(Hiera.TARGETS, HostTensor.of(Shape.of(BATCH, (int) classes), targets));
    }

    private static Map<String, HostTensor> feeds(Graph graph, String seed) {
        Map<String, HostTensor> feeds = new LinkedHashMap<>(pixels(graph, seed));
        feeds.putAll(targets(graph));
        return feeds;
    }

    private static TorchTrainer trainer(Graph graph, DType type, boolean checkpointing) {
        return new TorchTrainer(
                graph,
                List.of(new ParameterGroup(List.copyOf(graph.parameters().keySet()), 1, 0.05)),
                new OptimizerSettings.AdamW(0.9, 0.95, 1e-8),
                new FormulaWeights(graph.parameters()),
                new TorchTrainer.Options(type, TestedDevice.NAME, 1, checkpointing, false));
    }

    private static Map<String, float[]> gradients(TorchTrainer trainer) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        trainer.parameterNames()
                .forEach(name -> gradients.put(name, trainer.gradient(name).toFloats()));
        return gradients;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,false", "FLOAT32,true", "BFLOAT16,false", "BFLOAT16,true"})
    void theGradientOfAStepIsTheSumOfThoseOfItsPasses(DType type, boolean checkpointing) {
        Graph graph = graph();
        try (TorchTrainer trainer = trainer(graph, type, checkpointing)) {
            trainer.backward(feeds(graph, "first"), 0.5, 1);
            Map<String, float[]> first = gradients(trainer);
            trainer.forgetGradient();
            trainer.backward(feeds(graph, "second"), 0.5, 2);
            Map<String, float[]> second = gradients(trainer);
            trainer.backward(feeds(graph, "first"), 0.5, 1); // adds to the second
            gradients(trainer).forEach((name, sum) -> {
                float[] one = Objects.requireNonNull(first.get(name));
                float[] other = Objects.requireNonNull(second.get(name));
                for (int i = 0; i < sum.length; i++) {
                    float expected = one[i] + other[i];
                    assertThat(sum[i]).as(name).isEqualTo(expected);
                }
            });
        }
    }

    @Test
    void aPassThatFailsDiscardsTheGradientOfItsStep() {
        Graph graph = graph();
        try (TorchTrainer trainer = trainer(graph, DType.FLOAT32, false)) {
            trainer.backward(feeds(graph, "second"), 1, 2);
            Map<String, float[]> expected = gradients(trainer);
            trainer.forgetGradient();

            trainer.backward(feeds(graph, "first"), 1, 1);
            long live = TorchMemory.liveBytes();
            LaterInputs failing = new LaterInputs() {
                @Override
                public List<String> reads() {
                    return List.of(Hiera.LOGITS);
                }

                @Override
                public Map<String, HostTensor> feeds(Map<String, HostTensor> computed) {
                    throw new IllegalStateException("no targets");
                }
            };
            assertThatThrownBy(() -> trainer.backward(pixels(graph, "first"), failing, 1, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no targets");
            assertThat(TorchMemory.liveBytes()).isEqualTo(live);
            assertThatThrownBy(() -> trainer.update(1e-3, 1, 0)).hasMessageContaining("call backward first");

            trainer.backward(feeds(graph, "second"), 1, 2);
            gradients(trainer)
                    .forEach((name, gradient) -> assertThat(gradient).as(name).containsExactly(expected.get(name)));
        }
    }

    @Test
    void inFloat32TheGradientIsStoredOnce() {
        Graph graph = graph();
        long before = TorchMemory.liveBytes();
        try (TorchTrainer trainer = trainer(graph, DType.FLOAT32, false)) {
            long vectors = 4; // parameters, gradient, both moments of AdamW
            assertThat(TorchMemory.liveBytes() - before).isEqualTo(vectors * Float.BYTES * trainer.parameterCount());
        }
    }
}
