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
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.StepTimes;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.optimize.LayerDecay;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures whole training steps on formula pixels: forward, backward, gradient norm and AdamW, without reading data. */
public final class StepBenchmark {
    private static final int WARM_UP = 2;
    private static final int FEWEST_STEPS = 3;
    private static final double MASK_RATIO = 0.6; // the published one for images
    private static final double VIDEO_MASK_RATIO = 0.9;

    private StepBenchmark() {}

    /**
     * What was measured.
     *
     * @param milliseconds the median step
     * @param spread half the distance between the quartiles, milliseconds
     * @param gflops billions of operations a second in matrix products and convolutions, the backward pass counted as two
     *     forward ones
     * @param profile milliseconds of a step by what was done
     */
    public record Result(
            double milliseconds, double spread, double samplesPerSecond, double gflops, Map<String, Double> profile) {}

    /**
     * Trains for some steps.
     *
     * @param config an autoencoder or an encoder with a head
     * @param seconds measured for about so long, 3 steps at least
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
            for (int step = 1; step <= WARM_UP; step++) {
                step(trainer, feeds, step);
            }
            List<Double> times = new ArrayList<>();
            long deadline = System.nanoTime() + (long) (seconds * 1e9);
            while (times.size() < FEWEST_STEPS || System.nanoTime() < deadline) {
                long start = System.nanoTime();
                step(trainer, feeds, WARM_UP + times.size() + 1);
                times.add((System.nanoTime() - start) / 1e6);
            }
            int steps = times.size();
            Collections.sort(times);
            double median = times.get(steps / 2);
            double operations = 6.0 * batch * ModelCost.of(graph).multiplyAccumulates();
            return new Result(
                    median,
                    (times.get(3 * steps / 4) - times.get(steps / 4)) / 2,
                    batch * 1e3 / median,
                    operations / median / 1e6,
                    profile(trainer, feeds, WARM_UP + steps + 1));
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
