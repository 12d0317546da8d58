package io.github.hiera4j.model.checkpoint;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells classifiers from models that have a Hiera in them and do something else. */
public final class ModelPurpose {
    private static final String ACTIONS = "actions.json";
    private static final String DETECTOR = "roi_heads.box_predictor.";

    private ModelPurpose() {}

    /**
     * Refuses a detector and an action model, whose weights a classifier could take for its own.
     *
     * @param path a weight file, or a directory that holds one
     * @throws io.github.hiera4j.model.HieraException that names what to use, or the fault of the file
     */
    public static void requireClassifier(Path path) {
        WeightFile file = WeightFile.open(path);
        try (WeightSource weights = file.weights()) {
            requireClassifier(path, file, weights);
        }
    }

    /** The same of a file that is open, and stays so. */
    static void requireClassifier(Path path, WeightFile file, WeightSource weights) {
        checkSupported(
                !Files.isRegularFile(file.path().toAbsolutePath().resolveSibling(ACTIONS)),
                "%s: is an action model, which says what the persons of a video do: use hiera actions",
                path);
        checkSupported(
                weights.names().stream().noneMatch(name -> name.contains(DETECTOR)),
                "%s: is a detector, which finds objects in pictures: use hiera detect",
                path);
    }
}
