package io.github.hiera4j.model.checkpoint;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.checkpoint.BaselineCheckpoint;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.QuantizedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.ConfigFile;
import io.github.hiera4j.model.weights.config.ConfigInference;
import io.github.hiera4j.model.weights.config.OtherConfig;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.model.weights.config.PreprocessorConfig;
import io.github.hiera4j.model.weights.config.SidecarFile;
import io.github.hiera4j.model.weights.keys.KeyMap;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.model.weights.keys.ModelNames;
import io.github.hiera4j.model.weights.keys.ModelSearch;
import io.github.hiera4j.model.weights.torch.TorchCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A Hiera model from the files of any supported tool: its tensors under official names and its configuration.
 *
 * <p>Opening is cheap: it reads headers and descriptions, but no tensors. A {@code config.json} beside the weights is used if
 * it describes a Hiera; otherwise the configuration is inferred from the shapes, as described by {@link #inferred}.
 */
public final class Checkpoint implements AutoCloseable {
    private final WeightFile file;
    private final List<ModelNames> models;
    private final ModelNames model;
    private final KeyStyle keyStyle;
    private final Map<String, String> fileNames;
    private final WeightSource weights;
    private final ModelConfig config;
    private final Optional<ConfigFile> configFile;
    private final List<String> inferred;
    private boolean hasSidecarHints;

    private Checkpoint(WeightFile file, Path given, boolean averaged) {
        this.file = file;
        models = findModels(file);
        model = named(() -> ModelSearch.choose(models, averaged));
        List<String> notes = new ArrayList<>();
        Optional<BaselineCheckpoint> baseline =
                named(() -> BaselineCheckpoint.find(model.fileNames(), file.weights(), file.path()));
        if (baseline.isPresent()) {
            BaselineCheckpoint other = baseline.get();
            keyStyle = other.style();
            fileNames = other.fileNames();
            weights = other.weights();
            config = other.config();
            configFile = named(() -> describe(other));
            notes.addAll(other.notes());
            inferred = List.copyOf(notes);
            return;
        }
        KeyMap keys = named(() -> KeyMap.reading(model));
        keyStyle = keys.style();
        fileNames = keys.fileNames();
        weights = named(() -> QuantizedWeights.of(keys.official(file.weights())));
        noteIgnored(keys, notes);
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
     * Opens a weight file or a directory that contains one. If the file also has averaged weights, the raw ones are used.
     *
     * @param path a {@code .safetensors}, its index, a {@code .pth}, or a directory with one of them
     * @return the checkpoint; the caller closes it
     * @throws HieraException if the file cannot be used; the message names it and the fault
     */
    public static Checkpoint open(Path path) {
        return open(path, false);
    }

    /**
     * Opens a weight file or a directory that contains one.
     *
     * @param path a {@code .safetensors}, its index, a {@code .pth}, or a directory with one of them
     * @param averaged true for the averaged weights (an exponential moving average, a teacher), which the file must have; false for
     *     the raw ones, or the averaged ones if the file has no others
     * @return the checkpoint; the caller closes it
     * @throws HieraException if the file cannot be used; the message names it and the fault
     */
    public static Checkpoint open(Path path, boolean averaged) {
        WeightFile file = WeightFile.open(path);
        try {
            return new Checkpoint(file, path, averaged);
        } catch (RuntimeException e) {
            file.weights().close();
            throw e;
        }
    }

    /**
     * Opens the weights of a classifier, and refuses those of a detector or of an action model.
     *
     * @param path a {@code .safetensors}, its index, a {@code .pth}, or a directory with one of them
     * @param averaged true for the averaged weights, as in {@link #open(Path, boolean)}
     * @return the checkpoint; the caller closes it
     * @throws HieraException if it is not a classifier, or a file is damaged; the message names the command to use, or the file and its fault
     */
    public static Checkpoint openClassifier(Path path, boolean averaged) {
        WeightFile file = WeightFile.open(path);
        try {
            ModelPurpose.requireClassifier(path, file, file.weights());
            return new Checkpoint(file, path, averaged);
        } catch (RuntimeException e) {
            file.weights().close();
            throw e;
        }
    }

    private static List<ModelNames> findModels(WeightFile file) {
        String location = file.weights() instanceof TorchCheckpoint torch ? torch.location() : "";
        List<ModelNames> models = ModelSearch.find(file.weights().names(), location);
        return models.isEmpty()
                ? List.of(
                        new ModelNames(location, false, identity(file.weights().names()), List.of()))
                : models;
    }

    /** Maps all names of a file without a patch embedding to themselves: the search for a key style then reports what is missing. */
    private static Map<String, String> identity(Collection<String> names) {
        Map<String, String> same = new LinkedHashMap<>();
        names.forEach(name -> same.put(name, name));
        return same;
    }

    private <T> T named(Supplier<T> step) {
        try {
            return step.get();
        } catch (HieraException e) {
            throw e.withMessage(file.path() + ": " + e.getMessage());
        }
    }

    /** Returns the description of a baseline model: class names and preprocessing. */
    private Optional<ConfigFile> describe(BaselineCheckpoint other) {
        Path beside = file.path().toAbsolutePath().resolveSibling("config.json");
        List<Integer> input = other.config().encoder().inputSize();
        ConfigFile described = new ConfigFile(
                other.style(),
                other.config(),
                other.description().flatMap(found -> found.preprocess(input)),
                other.description().map(OtherConfig::classNames).orElse(List.of()));
        Optional<SidecarFile> sidecar = other.description().isPresent() ? SidecarFile.read(beside) : Optional.empty();
        hasSidecarHints = sidecar.flatMap(SidecarFile::hints).isPresent();
        return Optional.of(
                sidecar.map(found -> found.complete(beside, described)).orElse(described));
    }

    private void noteIgnored(KeyMap keys, List<String> notes) {
        if (!model.aside().isEmpty()) {
            notes.add(model.aside().size() + " tensors outside " + model.label() + " ignored, "
                    + Printable.of(model.aside().get(0)) + " being the first");
        }
        if (!keys.dropped().isEmpty()) {
            notes.add(
                    keys.dropped().size() + " norms of a detector's backbone ignored: features are taken before them");
        }
    }

    private Optional<ConfigFile> readConfig(Path weightFile, Path given, List<String> notes) {
        Path beside = weightFile.toAbsolutePath().resolveSibling("config.json");
        if (!Files.isRegularFile(beside)) {
            return Optional.empty();
        }
        Optional<ConfigFile> read = ConfigFile.read(beside, weights);
        if (read.isEmpty()) {
            notes.add(beside + " does not describe a Hiera and is ignored");
            return read;
        }
        if (!Files.isDirectory(given) && !describes(read.get().config().encoder())) {
            notes.add(beside + " describes a model of another width or depth and is ignored");
            return Optional.empty();
        }
        Optional<SidecarFile> sidecar = SidecarFile.read(beside);
        hasSidecarHints = sidecar.flatMap(SidecarFile::hints).isPresent();
        return sidecar.isEmpty() ? read : read.map(config -> sidecar.get().complete(beside, config));
    }

    /** Returns whether depth and width match: a directory may contain several models and one description. */
    private boolean describes(HieraConfig encoder) {
        String first = "blocks.0.norm1.weight";
        boolean deep = weights.contains("blocks." + (encoder.depth() - 1) + ".norm1.weight")
                && !weights.contains("blocks." + encoder.depth() + ".norm1.weight");
        return deep && weights.info(first).shape().elements() == encoder.embedDim();
    }

    /** {@return the weight file itself, even if a directory was opened} */
    public Path path() {
        return file.path();
    }

    /**
     * Returns {@code safetensors}, {@code sharded safetensors}, {@code PyTorch zip} or {@code PyTorch legacy}.
     *
     * @return the file format
     */
    public String format() {
        return file.format();
    }

    /** {@return every model in the file: raw and averaged weights} */
    public List<ModelNames> models() {
        return models;
    }

    /** {@return the model among {@link #models} that was opened} */
    public ModelNames model() {
        return model;
    }

    /**
     * Returns the naming convention of the file.
     *
     * @return the style
     */
    public KeyStyle keyStyle() {
        return keyStyle;
    }

    /** {@return the configuration of the model} */
    public ModelConfig config() {
        return config;
    }

    /**
     * {@return the configuration of the model, which must be a Hiera or an autoencoder of one}
     *
     * @param use the feature that needs a Hiera, as the subject of a sentence: "int8"
     * @throws HieraException if the checkpoint contains another kind of network
     */
    public ModelConfig requireHiera(String use) {
        checkSupported(
                config.isHiera(),
                "%s: %s needs a Hiera, this is %s: classify, embed, features and evaluate work with it",
                file.path(),
                use,
                config.architecture());
        return config;
    }

    /** {@return the settings that were inferred or assumed because no file states them; empty if a {@code config.json} describes the model} */
    public List<String> inferred() {
        return inferred;
    }

    /** {@return the tensors under their official names; they are closed together with this checkpoint} */
    public WeightSource weights() {
        return weights;
    }

    /** {@return the name a tensor has in the file} */
    public Map<String, String> fileNames() {
        return fileNames;
    }

    /** {@return the comparison of the tensors' names and shapes with the configuration; no tensor is read} */
    public LoadReport report() {
        return LoadReport.compare(config.inferenceGraph().parameters(), weights);
    }

    /**
     * {@return how to prepare images, if the checkpoint specifies it: in its {@code hiera4j.json}, in transformers' {@code
     * preprocessor_config.json}, or in its {@code config.json}}
     *
     * @throws HieraException if a setting changes pixels in a way that is not supported
     */
    public Optional<PreprocessHints> preprocessHints() {
        Optional<PreprocessHints> described = configFile.flatMap(ConfigFile::preprocess);
        boolean isDescribed = configFile.isPresent() && keyStyle != KeyStyle.TIMM;
        return hasSidecarHints || !isDescribed
                ? described
                : PreprocessorConfig.read(file.path(), config.encoder()).or(() -> described);
    }

    /** {@return the names of the classes by index; empty if the checkpoint has none} */
    public List<String> classNames() {
        return configFile.map(ConfigFile::classNames).orElse(List.of());
    }

    /** {@return other information in the file: training epoch, settings, format remarks} */
    public Map<String, Object> metadata() {
        return file.metadata();
    }

    @Override
    public void close() {
        weights.close();
    }
}
