package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.model.timing.Spread;
import io.github.hiera4j.torch.tape.StepTimes;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.optimize.LayerDecay;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Measures whole training steps on formula pixels: forward, backward, gradient norm and AdamW, without reading data. */
public final class StepBenchmark {
    private static final int WARM_UP = 2;
    private static final int FEWEST_STEPS = 3;
    private static final int MOST_STEPS = 100_000;
    private static final double MASK_RATIO = 0.6; // the published one for images
    private static final double VIDEO_MASK_RATIO = 0.9;

    private StepBenchmark() {}

    /**
     * What was measured.
     *
     * @param time of a step
     * @param samplesPerSecond at the median
     * @param gflops billions of operations a second in matrix products and convolutions, the backward pass counted as two
     *     forward ones
     * @param profile milliseconds of a step by what was done
     */
    public record Result(Spread time, double samplesPerSecond, double gflops, Map<String, Double> profile) {}

    /**
     * Trains for some steps.
     *
     * @param config an autoencoder or an encoder with a head
     * @param batch samples of a step, 1 to 4096
     * @param seconds no further step is started after this time; at least 3 are measured
     * @param options device, element type and threads
     * @return what was measured
     * @throws io.github.hiera4j.model.HieraException if the batch is out of range or the model has no classes
     */
    public static Result measure(ModelConfig config, int batch, double seconds, CompileOptions options) {
        check(batch >= 1 && batch <= 4096, "a batch must hold 1 to 4096 samples, got %d", batch);
        Graph graph = config instanceof MaeConfig mae
                ? new HieraMae(mae).trainingGraph(maskRatio(mae)).select(HieraMae.LOSS)
                : new Hiera(config.encoder()).trainingGraph().select(Hiera.LOSS);
        Map<String, HostTensor> feeds = feeds(config, graph, batch);
        try (TorchTrainer trainer = new TorchTrainer(
                graph,
                LayerDecay.groups(graph.parameters(), config.encoder().depth(), 1, 0.05),
                new OptimizerSettings.AdamW(0.9, 0.95, 1e-8),
                Initialization.of(config, 0),
                new TorchTrainer.Options(options.dtype(), options.device(), options.threads(), false, false))) {
            int[] steps = {0};
            Spread time = Spread.ofNanoseconds(new Repeats(WARM_UP, FEWEST_STEPS, MOST_STEPS, seconds)
                    .measure(() -> step(trainer, feeds, ++steps[0])));
            double operations = 6.0 * batch * ModelCost.of(graph).multiplyAccumulates();
            return new Result(
                    time,
                    batch * 1e3 / time.median(),
                    operations / time.median() / 1e6,
                    profile(trainer, feeds, steps[0] + 1));
        }
    }

    private static void step(TorchTrainer trainer, Map<String, HostTensor> feeds, int step) {
        trainer.backward(feeds, 1, step);
        trainer.gradientNorm();
        trainer.update(1e-4, step, 0);
    }

    private static Map<String, Double> profile(TorchTrainer trainer, Map<String, HostTensor> feeds, int step) {
        StepTimes times = trainer.measureTimes();
        step(trainer, feeds, step);
        Map<String, Double> milliseconds = new HashMap<>();
        times.seconds().forEach((what, seconds) -> milliseconds.put(what, seconds * 1e3));
        return milliseconds;
    }

    private static double maskRatio(MaeConfig config) {
        return config.encoder().isVideo() ? VIDEO_MASK_RATIO : MASK_RATIO;
    }

    private static Map<String, HostTensor> feeds(ModelConfig config, Graph graph, int batch) {
        Map<String, HostTensor> feeds = new HashMap<>();
        Shape pixels =
                Objects.requireNonNull(graph.inputs().get(HieraEncoder.INPUT)).shape();
        feeds.put(HieraEncoder.INPUT, FormulaWeights.tensor("input", pixels.withBatch(batch)));
        if (config instanceof MaeConfig mae) {
            feeds.putAll(MaskUnits.random(mae, batch, maskRatio(mae), Randomness.of(0))
                    .feeds(mae));
        } else {
            feeds.put(Hiera.TARGETS, targets(config.encoder(), batch));
        }
        return feeds;
    }

    private static HostTensor targets(HieraConfig config, int batch) {
        check(config.numClasses() > 0, "a model without classes cannot be trained to name them");
        float[] targets = new float[batch * config.numClasses()];
        for (int sample = 0; sample < batch; sample++) {
            targets[sample * config.numClasses() + sample % config.numClasses()] = 1;
        }
        return HostTensor.of(Shape.of(batch, config.numClasses()), targets);
    }
}
