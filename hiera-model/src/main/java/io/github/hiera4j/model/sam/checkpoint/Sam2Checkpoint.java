package io.github.hiera4j.model.sam.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.WeightFile;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.Sam2Variant;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.Sam2Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A SAM 2 or SAM 2.1 model from a file of the original project ({@code sam2.1_hiera_tiny.pt}) or a directory of transformers: the
 * tensors of the image model under the original names, and its configuration.
 *
 * <p>Opening is cheap: it reads headers and descriptions, but no tensors. Tensors that only the video model reads are left out.
 */
public final class Sam2Checkpoint implements AutoCloseable {
    private final WeightFile file;
    private final Sam2Keys keys;
    private final WeightSource weights;
    private final Sam2Config config;
    private final List<String> inferred;

    private Sam2Checkpoint(WeightFile file, Path given, Optional<Path> configFile) {
        this.file = file;
        this.keys = keys(file);
        this.weights = new Sam2Weights(file.weights(), keys.places());
        List<String> notes = new ArrayList<>();
        Sam2ConfigFile description =
                configFile.map(Sam2Checkpoint::named).orElseGet(() -> beside(file.path(), given, notes));
        Sam2ConfigReader.Result result = Sam2ConfigReader.read(weights, description);
        this.config = result.config();
        if (keys.isTransformers()) {
            Sam2Settings.checkProcessor(file.path(), config.trunk().inputSize());
        }
        notes.addAll(result.lines());
        this.inferred = List.copyOf(notes);
    }

    /**
     * Opens a weight file or a directory that contains one.
     *
     * @param path a file, a directory, or the name of a downloaded model
     * @return the checkpoint; the caller closes it
     */
    public static Sam2Checkpoint open(Path path) {
        return open(path, Optional.empty());
    }

    /**
     * Opens a weight file or a directory that contains one.
     *
     * @param path a {@code .pt}, a {@code .safetensors}, its index, or a directory with one of them
     * @param configFile transformers' {@code config.json} of the model; empty for the one beside the weights, if any
     * @return the checkpoint; the caller closes it
     * @throws HieraException if the file cannot be used; the message names it and the fault
     */
    public static Sam2Checkpoint open(Path path, Optional<Path> configFile) {
        WeightFile file = WeightFile.open(path);
        try {
            return new Sam2Checkpoint(file, path, configFile);
        } catch (RuntimeException e) {
            file.weights().close();
            throw e;
        }
    }

    /**
     * {@return whether a file or directory contains a SAM 2 model; throws a {@code HieraException} if it contains no weights}
     *
     * @param path a file, a directory, or the name of a downloaded model
     */
    public static boolean isSam2(Path path) {
        WeightFile file = WeightFile.open(path);
        try (WeightSource weights = file.weights()) {
            return Sam2Keys.matches(weights.names());
        }
    }

    private static Sam2Keys keys(WeightFile file) {
        try {
            return Sam2Keys.reading(file.weights().names());
        } catch (HieraException e) {
            throw new HieraException(file.path() + ": " + e.getMessage(), e);
        }
    }

    private static Sam2ConfigFile named(Path path) {
        Sam2ConfigFile description = Sam2ConfigFile.read(path);
        check(description.describesSam2(), "%s: does not describe a SAM 2 model (model_type)", path);
        return description;
    }

    private static Sam2ConfigFile beside(Path weightFile, Path given, List<String> notes) {
        Path beside = weightFile.toAbsolutePath().resolveSibling("config.json");
        if (!Files.isRegularFile(beside)) {
            return Sam2ConfigFile.none();
        }
        Sam2ConfigFile description = Sam2ConfigFile.read(beside);
        if (description.describesSam2()) {
            return description;
        }
        check(!Files.isDirectory(given), "%s: does not describe a SAM 2 model (model_type)", beside);
        notes.add(beside + " does not describe a SAM 2 model and is ignored");
        return Sam2ConfigFile.none();
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

    /**
     * Returns the naming convention of the file: {@code sam2} or {@code transformers}.
     *
     * @return the style
     */
    public String keyStyle() {
        return keys.isTransformers() ? "transformers" : "sam2";
    }

    /** {@return the settings} */
    public Sam2Config config() {
        return config;
    }

    /** {@return the published model with these widths and depths} */
    public Optional<Sam2Variant> variant() {
        return Sam2Variant.matching(config.trunk().embedDim(), config.trunk().stages());
    }

    /** {@return the settings that were inferred or assumed} */
    public List<String> inferred() {
        return inferred;
    }

    /**
     * Returns the tensors of the file that only the video model reads, which are not loaded.
     *
     * @return their names
     */
    public List<String> videoOnly() {
        return keys.videoOnly();
    }

    /** {@return the image model's tensors under the original names; they are closed together with this checkpoint} */
    public WeightSource weights() {
        return weights;
    }

    /** {@return the comparison of the tensors' names and shapes with the configuration; no tensor is read} */
    public LoadReport report() {
        return LoadReport.compare(Sam2Model.parameters(config), weights);
    }

    @Override
    public void close() {
        weights.close();
    }
}
