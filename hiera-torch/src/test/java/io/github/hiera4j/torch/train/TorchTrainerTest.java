package io.github.hiera4j.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.TorchMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several trainers in one process, and how they are closed. */
class TorchTrainerTest {
    private static final int BATCH = 4;
    private static final int STEPS = 6;

    private static HieraConfig config() {
        return Goldens.read("nano_image").config().encoder().toBuilder()
                .dropPathRate(0.3)
                .build();
    }

    private static Graph graph() {
        return new Hiera(config()).trainingGraph().select(Hiera.LOSS);
    }

    private static Map<String, HostTensor> feeds(Graph graph) {
        int classes = config().numClasses();
        float[] targets = new float[BATCH * classes];
        for (int sample = 0; sample < BATCH; sample++) {
            targets[sample * classes + sample % classes] = 1;
        }
        Shape pixels =
                Objects.requireNonNull(graph.inputs().get(HieraEncoder.INPUT)).shape();
        return Map.of(
                HieraEncoder.INPUT,
                FormulaWeights.tensor("input", pixels.withBatch(BATCH)),
                Hiera.TARGETS,
                HostTensor.of(Shape.of(BATCH, classes), targets));
    }

    private static TorchTrainer trainer(Graph graph, boolean checkpointing) {
        return trainer(graph, checkpointing, new FormulaWeights(graph.parameters()));
    }

    private static TorchTrainer trainer(Graph graph, boolean checkpointing, WeightSource start) {
        return new TorchTrainer(
                graph,
                List.of(new ParameterGroup(List.copyOf(graph.parameters().keySet()), 1, 0.05)),
                new OptimizerSettings.AdamW(0.9, 0.95, 1e-8),
                start,
                new TorchTrainer.Options(DType.FLOAT32, TestedDevice.NAME, 1, checkpointing, false));
    }

    private static Map<String, float[]> trained(boolean checkpointing, CyclicBarrier together) throws Exception {
        Graph graph = graph();
        Map<String, HostTensor> feeds = feeds(graph);
        try (TorchTrainer trainer = trainer(graph, checkpointing)) {
            for (int step = 1; step <= STEPS; step++) {
                together.await();
                trainer.backward(feeds, 1, 1000 + step);
                trainer.update(1e-3, step, 0);
            }
            Map<String, float[]> weights = new LinkedHashMap<>();
            trainer.weights()
                    .names()
                    .forEach(name ->
                            weights.put(name, trainer.weights().read(name).toFloats()));
            return weights;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoTrainersInOneProcessGiveWhatOneGivesAlone(boolean checkpointing) throws Exception {
        Map<String, float[]> alone = trained(checkpointing, new CyclicBarrier(1));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier together = new CyclicBarrier(2);
            Callable<Map<String, float[]>> training = () -> trained(checkpointing, together);
            List<Future<Map<String, float[]>>> both = threads.invokeAll(List.of(training, training));
            for (Future<Map<String, float[]>> one : both) {
                one.get()
                        .forEach((name, weights) ->
                                assertThat(weights).as(name).containsExactly(Objects.requireNonNull(alone.get(name))));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Other code in the process that draws from libtorch's own generator or depends on its state. */
    @Test
    void theProcesssGeneratorAndThreadCountAreLeftAlone() throws Exception {
        int threads = torch.get_num_threads();
        torch.manual_seed(5);
        double next = torch.rand(1).item_double();
        torch.manual_seed(5);
        trained(false, new CyclicBarrier(1));
        assertThat(torch.rand(1).item_double()).isEqualTo(next);
        assertThat(torch.get_num_threads()).isEqualTo(threads);
    }

    @Test
    void aClosedTrainerSaysSoAndHoldsNothing() {
        long before = TorchMemory.liveBytes();
        Graph graph = graph();
        TorchTrainer trainer = trainer(graph, false);
        WeightSource weights = trainer.weights();
        assertThat(TorchMemory.liveBytes()).isGreaterThan(before);
        trainer.close();
        trainer.close();
        assertThat(TorchMemory.liveBytes()).isEqualTo(before);
        assertThatThrownBy(() -> trainer.backward(feeds(graph), 1, 1))
                .isInstanceOf(HieraException.class)
                .hasMessage("the trainer is closed: make a new one");
        assertThatThrownBy(() -> weights.read("pos_embed"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its owner is closed");
    }

    @Test
    void aTrainerThatCannotBeMadeLeavesNothing() {
        long before = TorchMemory.liveBytes();
        WeightSource other = Goldens.read("nano_image_64x96").weights();
        assertThatThrownBy(() -> trainer(graph(), false, other))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("'pos_embed' has shape");
        assertThat(TorchMemory.liveBytes()).isEqualTo(before);
    }

    @Test
    void aTrainerThatIsNeverClosedIsFreed() throws Exception {
        long before = TorchMemory.liveBytes();
        assertThat(trainer(graph(), false).parameterCount()).isPositive();
        awaitLiveBytes(before);
    }

    /** Runs the garbage collector until live memory is at most the given size, for at most 20 s. */
    private static void awaitLiveBytes(long expected) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (TorchMemory.liveBytes() != expected && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(TorchMemory.liveBytes()).isEqualTo(expected);
    }

    @Test
    void frozenWeightsOutliveTheTrainerAndSayWhenTheyAreClosed() {
        long before = TorchMemory.liveBytes();
        Graph graph = graph();
        TorchTrainer trainer = trainer(graph, false);
        FrozenWeights frozen = trainer.freeze(false);
        trainer.close();
        Graph inference = new Hiera(config()).inferenceGraph().select(Hiera.LOGITS);
        Map<String, HostTensor> pixels =
                Map.of(HieraEncoder.INPUT, Objects.requireNonNull(feeds(graph).get(HieraEncoder.INPUT)));
        assertThat(frozen.run(inference, pixels)).isNotNull();
        frozen.close();
        frozen.close();
        assertThat(TorchMemory.liveBytes()).isEqualTo(before);
        assertThatThrownBy(() -> frozen.run(inference, pixels))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith("the frozen weights are closed");
    }

    @Test
    void frozenWeightsThatAreNeverClosedAreFreed() throws Exception {
        long before = TorchMemory.liveBytes();
        try (TorchTrainer trainer = trainer(graph(), false)) {
            assertThat(trainer.freeze(false)).isNotNull();
        }
        awaitLiveBytes(before);
    }

    @Test
    void moreThreadsThanAnyProcessorHasAreRefused() {
        assertThatThrownBy(() -> new TorchTrainer.Options(DType.FLOAT32, TestedDevice.NAME, 5000, false, false))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("threads must be 0");
    }
}
