package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The model and the inputs that {@link StepBenchmark} trains.
 *
 * @param graph the training graph with its loss as the only output
 * @param weights the initial weights
 * @param feeds a tensor for every input: generated pixels, and labels or masks
 * @param batch samples per step
 */
public record StepSubject(Graph graph, WeightSource weights, Map<String, HostTensor> feeds, int batch) {
    /**
     * Checks the values and copies the map.
     *
     * @param graph the training graph with its loss as the only output
     * @param weights the initial weights
     * @param feeds a tensor for every input
     * @param batch samples per step, 1 to 4096
     * @throws io.github.hiera4j.model.HieraException if the batch is out of range
     */
    public StepSubject {
        requireBatch(batch);
        feeds = Map.copyOf(feeds);
    }

    /**
     * {@return the subject for an autoencoder, a classifier, or a rung of the ladder as either}
     *
     * @param config the settings of the model
     * @param batch samples per step, 1 to 4096
     */
    public static StepSubject of(ModelConfig config, int batch) {
        if (config instanceof BaselineModel baseline) {
            return ofBaseline(baseline, batch);
        }
        if (config instanceof LadderMae ladder) {
            Graph graph = ladder.trainingGraph(maskRatio(ladder.mae())).select(HieraMae.LOSS);
            return autoencoder(graph, ladder.mae(), new FormulaWeights(graph.parameters()), batch);
        }
        if (config instanceof MaeConfig mae) {
            Graph graph = new HieraMae(mae).trainingGraph(maskRatio(mae)).select(HieraMae.LOSS);
            return autoencoder(graph, mae, Initialization.of(config, 0), batch);
        }
        Graph graph = new Hiera(config.encoder()).trainingGraph().select(Hiera.LOSS);
        return classifier(graph, config.encoder().numClasses(), Initialization.of(config, 0), batch);
    }

    /**
     * {@return the subject for a classifier that Hiera is compared with, with generated weights}
     *
     * @param model the classifier
     * @param batch samples per step, 1 to 4096
     */
    public static StepSubject ofBaseline(BaselineModel model, int batch) {
        Graph graph = model.trainingGraph().select(Hiera.LOSS);
        return classifier(graph, model.numClasses(), new FormulaWeights(graph.parameters()), batch);
    }

    private static StepSubject classifier(Graph graph, int classes, WeightSource weights, int batch) {
        Map<String, HostTensor> feeds = pixels(graph, batch);
        feeds.put(Hiera.TARGETS, targets(classes, batch));
        return new StepSubject(graph, weights, feeds, batch);
    }

    private static StepSubject autoencoder(Graph graph, MaeConfig mae, WeightSource weights, int batch) {
        Map<String, HostTensor> feeds = pixels(graph, batch);
        feeds.putAll(
                MaskUnits.random(mae, batch, maskRatio(mae), Randomness.of(0)).feeds(mae));
        return new StepSubject(graph, weights, feeds, batch);
    }

    private static double maskRatio(MaeConfig mae) {
        return mae.encoder().isVideo() ? MaeConfig.VIDEO_MASK_RATIO : MaeConfig.IMAGE_MASK_RATIO;
    }

    private static void requireBatch(int batch) {
        check(batch >= 1 && batch <= 4096, "a batch must hold 1 to 4096 samples, got %d", batch);
    }

    private static Map<String, HostTensor> pixels(Graph graph, int batch) {
        requireBatch(batch);
        Shape pixels =
                Objects.requireNonNull(graph.inputs().get(HieraEncoder.INPUT)).shape();
        Map<String, HostTensor> feeds = new HashMap<>();
        feeds.put(HieraEncoder.INPUT, FormulaWeights.tensor("input", pixels.withBatch(batch)));
        return feeds;
    }

    private static HostTensor targets(int classes, int batch) {
        check(classes > 0, "a model without classes cannot be trained as a classifier");
        float[] targets = new float[batch * classes];
        for (int sample = 0; sample < batch; sample++) {
            targets[sample * classes + sample % classes] = 1;
        }
        return HostTensor.of(Shape.of(batch, classes), targets);
    }
}
