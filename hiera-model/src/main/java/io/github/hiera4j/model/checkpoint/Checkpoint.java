package io.github.hiera4j.model.checkpoint;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.ConfigFile;
import io.github.hiera4j.model.weights.config.ConfigInference;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.model.weights.config.SidecarFile;
import io.github.hiera4j.model.weights.keys.KeyMap;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Hiera model in files of any tool: its tensors under official names and its configuration.
 *
 * <p>Opening is cheap: headers and descriptions are read, no tensor. A {@code config.json} beside the weights is used where
 * it describes a Hiera; otherwise the configuration is inferred from the shapes and {@link #inferred} tells how.
 */
public final class Checkpoint implements AutoCloseable {
    private final WeightFile file;
    private final KeyMap keys;
    private final WeightSource weights;
    private final ModelConfig config;
    private final Optional<ConfigFile> configFile;
    private final List<String> inferred;

    private Checkpoint(WeightFile file, Path given) {
        this.file = file;
        keys = mapKeys(file);
        weights = keys.official(file.weights());
        List<String> notes = new ArrayList<>();
        configFile = readConfig(file.path(), given, notes);
        if (configFile.isPresent()) {
            config = configFile.get().config();
        } else {
            ConfigInference.Result result = ConfigInference.infer(weights);
            config = result.config();
            notes.addAll(result.lines());
        }
        inferred = List.copyOf(notes);
    }

    /**
     * Opens a weight file, or a directory that holds one.
     *
     * @param path a {@code .safetensors}, its index, a {@code .pth}, or a directory with one of them
     * @throws HieraException that names the file and the fault
     */
    public static Checkpoint open(Path path) {
        WeightFile file = WeightFile.open(path);
        try {
            return new Checkpoint(file, path);
        } catch (RuntimeException e) {
            file.weights().close();
            throw e;
        }
    }

    private static KeyMap mapKeys(WeightFile file) {
        try {
            return KeyMap.reading(file.weights().names());
        } catch (HieraException e) {
            throw e.withMessage(file.path() + ": " + e.getMessage());
        }
    }

    private Optional<ConfigFile> readConfig(Path weightFile, Path given, List<String> notes) {
        Path beside = weightFile.toAbsolutePath().resolveSibling("config.json");
        if (!Files.isRegularFile(beside)) {
            return Optional.empty();
        }
        Optional<ConfigFile> read = ConfigFile.read(beside, weights);
        if (read.isEmpty()) {
            notes.add(beside + " does not describe a Hiera and is left aside");
            return read;
        }
        if (!Files.isDirectory(given) && !describes(read.get().config().encoder())) {
            notes.add(beside + " describes a model of other width or depth and is left aside");
            return Optional.empty();
        }
        Optional<SidecarFile> sidecar = SidecarFile.read(beside);
        return sidecar.isEmpty() ? read : read.map(config -> sidecar.get().complete(beside, config));
    }

    /** Whether the blocks are as many and as wide: a directory may hold several models and one description. */
    private boolean describes(HieraConfig encoder) {
        String first = "blocks.0.norm1.weight";
        boolean deep = weights.contains("blocks." + (encoder.depth() - 1) + ".norm1.weight")
                && !weights.contains("blocks." + encoder.depth() + ".norm1.weight");
        return deep && weights.info(first).shape().elements() == encoder.embedDim();
    }

    /** The weight file itself, also where a directory was opened. */
    public Path path() {
        return file.path();
    }

    /** {@code safetensors}, {@code sharded safetensors}, {@code PyTorch zip} or {@code PyTorch legacy}. */
    public String format() {
        return file.format();
    }

    /** Whose names the file uses. */
    public KeyStyle keyStyle() {
        return keys.style();
    }

    /** The model that the tensors are of. */
    public ModelConfig config() {
        return config;
    }

    /** What was worked out or assumed because no file says it; empty if a {@code config.json} described the model. */
    public List<String> inferred() {
        return inferred;
    }

    /** The tensors under their official names, closed together with this checkpoint. */
    public WeightSource weights() {
        return weights;
    }

    /** The name a tensor has in the file. */
    public Map<String, String> fileNames() {
        return keys.fileNames();
    }

    /** How the tensors fit the configuration; nothing is read. */
    public LoadReport report() {
        return LoadReport.compare(config.inferenceGraph().parameters(), weights);
    }

    /** How images are to be prepared, where the checkpoint says so. */
    public Optional<PreprocessHints> preprocessHints() {
        return configFile.flatMap(ConfigFile::preprocess);
    }

    /** Names of the classes by index; empty where the checkpoint has none. */
    public List<String> classNames() {
        return configFile.map(ConfigFile::classNames).orElse(List.of());
    }

    /** What else the file says: training epoch, settings, format remarks. */
    public Map<String, Object> metadata() {
        return file.metadata();
    }

    @Override
    public void close() {
        weights.close();
    }
}
