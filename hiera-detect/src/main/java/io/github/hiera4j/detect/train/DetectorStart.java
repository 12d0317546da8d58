package io.github.hiera4j.detect.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.WeightFile;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.transfer.TrunkConversion;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The initial weights for training a detector. */
public final class DetectorStart {
    private DetectorStart() {}

    /** Returns random weights. */
    static WeightSource random(Graph graph, long seed) {
        return new DetectorInitialization(graph.parameters(), new FormulaWeights(Map.of()), Map.of(), seed);
    }

    /**
     * Returns the weights of a file that a detector can use: the encoder of a pretrained or fine-tuned model becomes the trunk, with
     * its position embedding split into absolute windows; from a detector, all weights with the same shape are used.
     *
     * @param objective the detector
     * @param path a weight file or a directory with one
     * @param seed decides every random choice
     * @return the weights, to be closed after training has begun
     * @throws io.github.hiera4j.model.HieraException if the file contains a different model from that of the recipe
     */
    public static WeightSource open(DetectObjective objective, Path path, long seed) {
        return open(objective, path, false, seed);
    }

    /**
     * Opens initial weights like {@link #open(DetectObjective, Path, long)}, optionally the averaged ones.
     *
     * @param objective the objective to train
     * @param path a weight file or a directory with one
     * @param averaged whether to use the averaged weights of an encoder's checkpoint, which must have them; detectors have none
     * @param seed decides every random choice
     * @return the weights; the caller closes them
     */
    public static WeightSource open(DetectObjective objective, Path path, boolean averaged, long seed) {
        if (isDetector(path)) {
            check(!averaged, "%s: is a detector, which has no averaged weights", path);
            return detector(objective, path, seed);
        }
        return encoder(objective, path, averaged, seed);
    }

    private static boolean isDetector(Path path) {
        try (WeightSource weights = WeightFile.open(path).weights()) {
            return weights.names().stream().anyMatch(name -> name.contains("roi_heads.box_predictor."));
        }
    }

    private static WeightSource encoder(DetectObjective objective, Path path, boolean averaged, long seed) {
        Checkpoint checkpoint = Checkpoint.open(path, averaged);
        try {
            WeightSource trunk = TrunkConversion.ABSOLUTE_WINDOWS.weights(
                    checkpoint.weights(), checkpoint.requireHiera("a detector"), "");
            Map<String, Shape> parameters = objective.graph().parameters();
            Map<String, String> taken = new LinkedHashMap<>();
            for (String name : parameters.keySet()) {
                String source = name.replace(".mlp.fc1.", ".mlp.layers.0.").replace(".mlp.fc2.", ".mlp.layers.1.");
                boolean isTrunk =
                        name.startsWith("blocks.") || name.startsWith("patch_embed.") || name.startsWith("pos_embed");
                if (isTrunk) {
                    check(
                            trunk.contains(source),
                            "%s: the weight '%s' is missing: select the model of these weights with --set model",
                            path,
                            name);
                    taken.put(name, source);
                }
            }
            return new DetectorInitialization(parameters, trunk, taken, seed);
        } catch (RuntimeException | Error failure) {
            checkpoint.close();
            throw failure;
        }
    }

    private static WeightSource detector(DetectObjective objective, Path path, long seed) {
        DetectorCheckpoint checkpoint = DetectorCheckpoint.open(path);
        try {
            Map<String, String> taken = new LinkedHashMap<>();
            objective.graph().parameters().forEach((name, shape) -> {
                boolean fits = checkpoint.weights().contains(name)
                        && checkpoint.weights().info(name).shape().equals(shape);
                if (fits) {
                    taken.put(name, name);
                } else {
                    check(
                            name.startsWith("roi_heads."),
                            "%s: the weight '%s' %s is missing or has another shape: select the model of these weights"
                                    + " with --set model",
                            path,
                            name,
                            shape);
                }
            });
            return new DetectorInitialization(objective.graph().parameters(), checkpoint.weights(), taken, seed);
        } catch (RuntimeException | Error failure) {
            checkpoint.close();
            throw failure;
        }
    }
}
