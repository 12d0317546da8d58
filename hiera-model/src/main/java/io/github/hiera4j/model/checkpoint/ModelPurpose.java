package io.github.hiera4j.model.checkpoint;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;

/** Distinguishes classifiers from other models that contain a Hiera. */
public final class ModelPurpose {
    private static final String ACTIONS = "actions.json";
    private static final String DETECTOR = "roi_heads.box_predictor.";

    private ModelPurpose() {}

    /**
     * Rejects detectors and action models, whose weights could be mistaken for those of a classifier.
     *
     * @param path a weight file or a directory that contains one
     * @throws io.github.hiera4j.model.HieraException if it is not a classifier; the message says which command to use
     */
    public static void requireClassifier(Path path) {
        WeightFile file = WeightFile.open(path);
        try (WeightSource weights = file.weights()) {
            requireClassifier(path, file, weights);
        }
    }

    /** Checks an open file in the same way, and leaves it open. */
    static void requireClassifier(Path path, WeightFile file, WeightSource weights) {
        checkSupported(
                !Files.isRegularFile(file.path().toAbsolutePath().resolveSibling(ACTIONS)),
                "%s: is an action model, which recognises what the people in a video do: use hiera actions",
                path);
        checkSupported(
                weights.names().stream().noneMatch(name -> name.contains(DETECTOR)),
                "%s: is a detector, which finds objects in pictures: use hiera detect",
                path);
    }
}
