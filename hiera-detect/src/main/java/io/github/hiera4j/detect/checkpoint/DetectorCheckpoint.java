package io.github.hiera4j.detect.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.WeightFile;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A detector in a file, with Detectron2's or torchvision's names, in safetensors or PyTorch format. A {@code config.json} next to it
 * contains the settings; without one, widths and depths follow from the shapes, and everything else is assumed to be as in the paper's
 * detectors.
 *
 * <p>Opening is cheap: it reads headers and descriptions, but no tensors.
 */
public final class DetectorCheckpoint implements AutoCloseable {
    private final WeightFile file;
    private final DetectorKeys keys;
    private final DetectorDescription description;
    private final WeightSource weights;
    private final List<String> inferred = new ArrayList<>();
    private final List<String> aside;

    private DetectorCheckpoint(WeightFile file) {
        this.file = file;
        Set<String> names = file.weights().names();
        check(
                isDetector(names),
                "%s: holds no detector: no tensor is named roi_heads.box_predictor; use a classifier's weights with hiera"
                        + " classify, or with --from of hiera detect-train",
                file.path());
        keys = DetectorKeys.of(names);
        Path beside = file.path().toAbsolutePath().resolveSibling("config.json");
        if (Files.isRegularFile(beside) && DetectorDescription.matches(beside)) {
            description = DetectorDescription.read(beside);
        } else {
            MaskRcnnConfig config = new DetectorInference(file.weights(), keys).config(inferred);
            description = DetectorDescription.unnamed(config);
        }
        Map<String, String> places = new LinkedHashMap<>();
        int convolutions = description.config().heads().boxConvolutions();
        for (String name : new MaskRcnn(description.config()).parameters().keySet()) {
            DetectorInference.find(names, keys, name, convolutions).ifPresent(found -> places.put(name, found));
        }
        aside = names.stream().filter(name -> !places.containsValue(name)).toList();
        weights = new DetectorWeights(file.weights(), places, keys, true);
    }

    /**
     * Opens a weight file, or a directory that contains one.
     *
     * @param path a weight file or a directory with one
     * @return the checkpoint; the caller closes it
     * @throws HieraException that names the file and the fault
     */
    public static DetectorCheckpoint open(Path path) {
        WeightFile file = WeightFile.open(path);
        try {
            return new DetectorCheckpoint(file);
        } catch (RuntimeException e) {
            file.weights().close();
            Path directory = file.path().toAbsolutePath().getParent();
            String message = String.valueOf(e.getMessage());
            boolean names = message.startsWith(file.path() + ": ") || message.startsWith(String.valueOf(directory));
            throw !names && e instanceof HieraException fault ? fault.withMessage(file.path() + ": " + message) : e;
        }
    }

    /**
     * {@return whether a file or directory contains a detector; throws a {@code HieraException} if it contains no weights at all}
     *
     * @param path a weight file or a directory with one
     */
    public static boolean isDetector(Path path) {
        try (WeightSource weights = WeightFile.open(path).weights()) {
            return isDetector(weights.names());
        }
    }

    private static boolean isDetector(Set<String> names) {
        return names.stream().anyMatch(name -> name.contains("roi_heads.box_predictor."));
    }

    /** {@return the weight file itself, even if a directory was opened} */
    public Path path() {
        return file.path();
    }

    /**
     * Returns the naming style of the file.
     *
     * @return the style
     */
    public DetectorKeys keys() {
        return keys;
    }

    /**
     * Returns the settings, class names and normalisation.
     *
     * @return the description
     */
    public DetectorDescription description() {
        return description;
    }

    /** {@return messages about what was inferred or assumed; empty if a {@code config.json} describes the detector} */
    public List<String> inferred() {
        return List.copyOf(inferred);
    }

    /**
     * Returns the tensors in the file that are not part of the detector.
     *
     * @return their names
     */
    public List<String> aside() {
        return aside;
    }

    /** {@return the tensors under the network's names, closed together with this checkpoint} */
    public WeightSource weights() {
        return weights;
    }

    /** {@return a comparison of the tensors with the settings; no tensor is read} */
    public LoadReport report() {
        return LoadReport.compare(new MaskRcnn(description.config()).parameters(), weights);
    }

    @Override
    public void close() {
        weights.close();
    }
}
