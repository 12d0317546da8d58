package io.github.hiera4j.detect.checkpoint;

import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import io.github.hiera4j.model.weights.torch.TorchCheckpointWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a detector: its weights under the names of Detectron2 or torchvision, and a {@code config.json}. */
public final class DetectorCheckpointWriter {
    private DetectorCheckpointWriter() {}

    /**
     * Writes {@code model.safetensors} and {@code config.json}.
     *
     * @param directory created if necessary; existing files are replaced
     * @param description settings, class names and normalisation
     * @param weights the weights under the network's names
     * @param keys the naming style to write
     */
    public static void write(Path directory, DetectorDescription description, WeightSource weights, DetectorKeys keys) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new HieraException(directory + ": cannot be created: " + e.getMessage(), e);
        }
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"), renamed(description, weights, keys), Map.of("format", "pt"));
        description.write(directory.resolve("config.json"));
    }

    /**
     * Writes only a PyTorch state dictionary, for other libraries.
     *
     * @param file the file
     * @param description settings, class names and normalisation
     * @param weights the parameters by official name
     * @param keys the naming style to write
     */
    public static void writeTorch(Path file, DetectorDescription description, WeightSource weights, DetectorKeys keys) {
        TorchCheckpointWriter.write(file, renamed(description, weights, keys));
    }

    private static WeightSource renamed(DetectorDescription description, WeightSource weights, DetectorKeys keys) {
        Map<String, String> places = new LinkedHashMap<>();
        int convolutions = description.config().heads().boxConvolutions();
        for (String name : new MaskRcnn(description.config()).parameters().keySet()) {
            places.put(keys.fileName(name, convolutions), name);
        }
        return new DetectorWeights(weights, places, keys, false);
    }
}
