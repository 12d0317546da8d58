package io.github.hiera4j.train.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.baseline.parity.BaselineCase;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.ParameterGroup;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.optimize.LayerDecay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Replays the reference's training cases and compares every loss, gradient and final parameter that they contain. */
public final class TrainingParity {
    private static final double GRADIENT_TOLERANCE = 5e-5; // of the tensor's root mean square
    private static final double LOSS_TOLERANCE = 2e-6; // of the loss
    private static final double PARAMETER_TOLERANCE = 3e-6; // absolute
    private static final double KEY_BIAS_TOLERANCE = 1e-3; // absolute: their gradient is rounding noise

    private TrainingParity() {}

    /**
     * {@return whether a case contains training figures: gradients or steps}
     *
     * @param golden a case of the reference
     */
    public static boolean covers(GoldenCase golden) {
        return golden.isTraining() || golden.json().has("grad");
    }

    /**
     * Does the same as {@link #run(GoldenCase, TorchTrainer.Options)} in float32, as the figures are.
     *
     * @param golden a case of the reference
     * @param session device and threads
     * @return the differences, one per golden tensor
     */
    public static List<TrainingDifference> run(GoldenCase golden, CompileOptions session) {
        return run(golden, TorchTrainer.Options.DEFAULT.on(session));
    }

    /**
     * Runs a case that {@link #covers} accepts.
     *
     * @param golden a case of the reference
     * @param options precision, device and threads
     * @return the differences, one per golden tensor
     */
    public static List<TrainingDifference> run(GoldenCase golden, TorchTrainer.Options options) {
        return golden.isTraining() ? replay(golden, options) : gradients(golden, options);
    }

    /** Compares the gradient of an autoencoder's loss for every parameter. */
    private static List<TrainingDifference> gradients(GoldenCase golden, TorchTrainer.Options options) {
        MaeConfig config = (MaeConfig) golden.config();
        Graph graph = new HieraMae(config)
                .trainingGraph(golden.json().path("mask_ratio").asDouble())
                .select("loss");
        List<TrainingDifference> differences = new ArrayList<>();
        try (TorchTrainer trainer = trainer(golden, graph, 1, options)) {
            double loss = trainer.backward(golden.feeds(), 1, 0).loss();
            differences.add(
                    lossDifference("loss", loss, golden.json().path("loss").asDouble()));
            golden.json().path("grad").forEachEntry((name, summary) -> {
                double count = summary.path("index").size();
                check(count > 0, "%s: has no gradient of %s", golden.name(), name);
                HostTensor gradient = trainer.gradient(name);
                requireShape(golden, name, summary, gradient);
                double meanSquareRoot = summary.path("l2").asDouble() / Math.sqrt(gradient.elements());
                double error = largestDifference(gradient, summary, 0, gradient.elements()) / meanSquareRoot;
                differences.add(new TrainingDifference("gradient of " + name, error, GRADIENT_TOLERANCE));
            });
        }
        return differences;
    }

    /**
     * {@return the loss of a baseline's case, and its gradient for every parameter with a golden}
     *
     * @param golden the case
     * @param session device and threads
     */
    public static List<TrainingDifference> run(BaselineCase golden, CompileOptions session) {
        Graph graph = golden.lossGraph();
        List<TrainingDifference> differences = new ArrayList<>();
        List<ParameterGroup> groups =
                List.of(new ParameterGroup(List.copyOf(graph.parameters().keySet()), 1, 0));
        OptimizerSettings settings = new OptimizerSettings.AdamW(0.9, 0.95, 1e-8);
        TorchTrainer.Options options = TorchTrainer.Options.DEFAULT.on(session);
        try (TorchTrainer trainer = new TorchTrainer(graph, groups, settings, golden.lossWeights(), options)) {
            double loss = trainer.backward(golden.lossFeeds(), 1, 0).loss();
            differences.add(
                    lossDifference("loss", loss, golden.json().path("loss").asDouble()));
            Map<String, JsonNode> gradients = golden.gradients();
            gradients.forEach((name, figures) -> {
                HostTensor gradient = trainer.gradient(name);
                for (JsonNode position : figures.path("index")) {
                    check(
                            position.asInt() < gradient.elements(),
                            "%s: the gradient of %s has an index outside its shape",
                            golden.name(),
                            name);
                }
                // A shift of all keys changes no attention weight: the gradient of their bias is 0, and shows rounding
                // errors only.
                JsonNode scale = name.endsWith("norm_k.bias")
                        ? gradients.getOrDefault(name.replace("bias", "weight"), figures)
                        : figures;
                // With a class token, the last block's other queries have a gradient of exactly 0.
                double meanSquareRoot =
                        Math.max(scale.path("l2").asDouble() / Math.sqrt(gradient.elements()), Double.MIN_NORMAL);
                double error = largestDifference(gradient, figures, 0, gradient.elements()) / meanSquareRoot;
                differences.add(new TrainingDifference("gradient of " + name, error, GRADIENT_TOLERANCE));
            });
        }
        return differences;
    }

    private static List<TrainingDifference> replay(GoldenCase golden, TorchTrainer.Options options) {
        JsonNode json = golden.json();
        int steps = json.path("steps").asInt();
        check(
                steps >= 1 && json.path("losses").size() == steps,
                "%s: expected a loss for each of %d steps, got %d",
                golden.name(),
                steps,
                json.path("losses").size());
        boolean autoencoder = golden.config() instanceof MaeConfig;
        Graph graph = autoencoder
                ? new HieraMae((MaeConfig) golden.config()).trainingGraph(0.6).select("loss")
                : new Hiera((HieraConfig) golden.config()).trainingGraph().select("loss");
        List<TrainingDifference> differences = new ArrayList<>();
        try (TorchTrainer trainer = trainer(golden, graph, autoencoder ? 1 : 0.7, options)) {
            for (int step = 0; step < steps; step++) {
                double loss = trainer.backward(stepFeeds(golden, step), 1, 0).loss();
                double expected = json.path("losses").path(step).asDouble();
                differences.add(lossDifference("loss of step " + step, loss, expected));
                trainer.update(json.path("base_lr").asDouble(), step + 1, 0);
            }
            json.path("final").forEachEntry((name, summary) -> {
                requireShape(golden, name, summary, trainer.weights().read(name));
                differences.addAll(parameter(trainer, name, summary));
            });
        }
        return differences;
    }

    private static void requireShape(GoldenCase golden, String name, JsonNode summary, HostTensor actual) {
        long elements = 1;
        for (JsonNode size : summary.path("shape")) {
            elements *= size.asInt();
        }
        check(
                elements == actual.elements(),
                "%s: the golden of %s has %d elements, the parameter has %d",
                golden.name(),
                name,
                elements,
                actual.elements());
    }

    private static TrainingDifference lossDifference(String name, double actual, double expected) {
        return new TrainingDifference(name, Math.abs(actual - expected) / Math.abs(expected), LOSS_TOLERANCE);
    }

    /** Compares a final parameter; the key part of an attention bias is compared separately. */
    private static List<TrainingDifference> parameter(TorchTrainer trainer, String name, JsonNode summary) {
        HostTensor actual = trainer.weights().read(name);
        int count = actual.elements();
        if (!name.endsWith("attn.qkv.bias")) {
            double error = largestDifference(actual, summary, 0, count);
            return List.of(new TrainingDifference("final " + name, error, PARAMETER_TOLERANCE));
        }
        double keys = largestDifference(actual, summary, count / 3, 2 * count / 3);
        double rest = Math.max(
                largestDifference(actual, summary, 0, count / 3),
                largestDifference(actual, summary, 2 * count / 3, count));
        return List.of(
                new TrainingDifference("final " + name + " (keys)", keys, KEY_BIAS_TOLERANCE),
                new TrainingDifference("final " + name + " (queries, values)", rest, PARAMETER_TOLERANCE));
    }

    private static double largestDifference(HostTensor actual, JsonNode summary, int from, int to) {
        double largest = 0;
        for (int i = 0; i < summary.path("index").size(); i++) {
            int index = summary.path("index").path(i).asInt();
            if (index >= from && index < to) {
                double difference = Math.abs(
                        actual.get(index) - summary.path("value").path(i).asDouble());
                largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
            }
        }
        return largest;
    }

    private static TorchTrainer trainer(
            GoldenCase golden, Graph graph, double layerDecay, TorchTrainer.Options options) {
        JsonNode betas = golden.json().path("betas");
        OptimizerSettings settings = new OptimizerSettings.AdamW(
                betas.path(0).asDouble(0.9), betas.path(1).asDouble(0.95), 1e-8);
        Map<String, Shape> parameters = graph.parameters();
        int depth = golden.config().encoder().depth();
        return new TorchTrainer(
                graph,
                LayerDecay.groups(parameters, depth, layerDecay, 0.05),
                settings,
                new FormulaWeights(parameters),
                options);
    }

    private static Map<String, HostTensor> stepFeeds(GoldenCase golden, int step) {
        Map<String, HostTensor> feeds = new HashMap<>();
        feeds.put(HieraEncoder.INPUT, FormulaWeights.tensor("input_" + step, golden.inputShape()));
        int batch = golden.inputShape().size(0);
        if (golden.config() instanceof MaeConfig config) {
            feeds.putAll(mask(config, batch).feeds(config));
        } else {
            feeds.put(Hiera.TARGETS, targets(batch, golden.config().encoder().numClasses(), step));
        }
        return feeds;
    }

    private static MaskUnits mask(MaeConfig config, int batch) {
        int units = config.encoder().unitGrid().stream().reduce(1, Math::multiplyExact);
        double[] all = FormulaWeights.noise("mask_noise", batch * units);
        double[][] noise = new double[batch][];
        for (int sample = 0; sample < batch; sample++) {
            noise[sample] = java.util.Arrays.copyOfRange(all, sample * units, (sample + 1) * units);
        }
        return MaskUnits.fromNoise(noise, 0.6);
    }

    /** Returns targets with the labels {@code (step · B + i) mod classes}, smoothed by 0.1. */
    private static HostTensor targets(int batch, int classes, int step) {
        float[] targets = new float[batch * classes];
        java.util.Arrays.fill(targets, (float) (0.1 / classes));
        for (int sample = 0; sample < batch; sample++) {
            int label = (step * batch + sample) % classes;
            targets[sample * classes + label] = (float) (0.9 + 0.1 / classes);
        }
        return HostTensor.of(Shape.of(batch, classes), targets);
    }
}
