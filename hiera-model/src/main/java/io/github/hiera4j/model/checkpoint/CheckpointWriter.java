package io.github.hiera4j.model.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.ConvertedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.ConfigWriter;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.model.weights.config.PreprocessorConfig;
import io.github.hiera4j.model.weights.config.PreprocessorConfigWriter;
import io.github.hiera4j.model.weights.config.SidecarFile;
import io.github.hiera4j.model.weights.keys.KeyMap;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import io.github.hiera4j.model.weights.torch.TorchCheckpointWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a model in the format that the target's name implies: {@code .safetensors} with a {@code config.json} beside it, a
 * directory with both, or the official {@code .pth}. Class names and hints that the {@code config.json} of the key style
 * cannot express go to a {@code hiera4j.json} beside it; a {@code .pth} has neither. With transformers' keys a {@code
 * preprocessor_config.json} for its image processors is written too.
 *
 * @param keys the convention of names and {@code config.json}; a {@code .pth} has official names
 * @param dtype element type of the floating tensors; empty keeps the stored one
 * @param classNames names of the classes by index, or empty
 * @param hints how to prepare images, if known
 */
public record CheckpointWriter(
        KeyStyle keys, Optional<DType> dtype, List<String> classNames, Optional<PreprocessHints> hints) {
    /**
     * Copies the collections.
     *
     * @param keys the convention of names and {@code config.json}; a {@code .pth} has official names
     * @param dtype element type of the floating tensors; empty keeps the stored one
     * @param classNames names of the classes by index, or empty
     * @param hints how to prepare images, if known
     */
    public CheckpointWriter {
        classNames = List.copyOf(classNames);
    }

    /**
     * The result of writing a model.
     *
     * @param files the files, weights first
     * @param dropped official names of tensors that the key style cannot express (a decoder in timm's)
     */
    public record Written(List<Path> files, List<String> dropped) {
        /**
         * Copies the collections.
         *
         * @param files the files, weights first
         * @param dropped official names of tensors that the key style cannot express (a decoder in timm's)
         */
        public Written {
            files = List.copyOf(files);
            dropped = List.copyOf(dropped);
        }
    }

    /**
     * {@return a writer that keeps the stored element types and knows no class names}
     *
     * @param keys how parameters are named
     */
    public static CheckpointWriter inStyle(KeyStyle keys) {
        return new CheckpointWriter(keys, Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * {@return the same writer with another element type for floating tensors}
     *
     * @param type a floating-point type
     */
    public CheckpointWriter withDType(DType type) {
        return new CheckpointWriter(keys, Optional.of(type), classNames, hints);
    }

    /**
     * Writes a model; existing weight files are replaced, a {@code config.json} of another model is not.
     *
     * @param target a {@code .safetensors}, {@code .pth} or {@code .pt} file, or a directory, which is created if needed
     * @param config the model
     * @param official its tensors under official names
     * @return the files that were written
     */
    public Written write(Path target, ModelConfig config, WeightSource official) {
        check(
                !target.toString().isBlank()
                        && target.toAbsolutePath().normalize().getFileName() != null,
                "'%s': expected a file or a directory to write to; the root of the file system is neither",
                target);
        String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
        WeightSource converted = dtype.map(type -> (WeightSource) new ConvertedWeights(official, type))
                .orElse(official);
        if (Files.isDirectory(target) || !name.contains(".")) {
            createDirectory(target);
            return writeSafetensors(target.resolve("model.safetensors"), config, converted);
        }
        if (name.endsWith(".safetensors")) {
            return writeSafetensors(target, config, converted);
        }
        check(
                name.endsWith(".pth") || name.endsWith(".pt"),
                "%s: unknown extension: expected a .safetensors file, a .pth file or a directory",
                target);
        check(
                keys == KeyStyle.OFFICIAL,
                "%s: a .pth is written with official keys; write %s keys to a .safetensors",
                target,
                keys.label());
        TorchCheckpointWriter.write(target, converted);
        return new Written(List.of(target), List.of());
    }

    private Written writeSafetensors(Path target, ModelConfig config, WeightSource official) {
        Path configFile = target.resolveSibling("config.json");
        String description = ConfigWriter.text(keys, config, classNames, hints);
        Path sidecarFile = target.resolveSibling(SidecarFile.NAME);
        boolean forProcessors =
                keys == KeyStyle.TRANSFORMERS && config.encoder().inChans() == 3;
        Optional<PreprocessHints> stated =
                forProcessors ? hints.or(() -> Optional.of(PreprocessHints.released(config.encoder()))) : hints;
        Optional<String> sidecar = SidecarFile.text(keys, config, classNames, stated);
        boolean replaces = Files.exists(target);
        checkNoOtherModel(configFile, description, replaces);
        checkNoOtherModel(sidecarFile, sidecar.orElse(""), replaces);
        KeyMap names = KeyMap.writing(keys, config.encoder().stages(), official.names());
        SafetensorsWriter.write(target, names.inStyle(official), Map.of("format", "pt"));
        ConfigWriter.write(configFile, description);
        List<Path> files = new ArrayList<>(List.of(target, configFile));
        if (forProcessors) {
            Path processor = target.resolveSibling(PreprocessorConfig.NAME);
            ConfigWriter.write(processor, PreprocessorConfigWriter.text(config.encoder(), stated.orElseThrow()));
            files.add(processor);
        }
        if (sidecar.isPresent()) {
            ConfigWriter.write(sidecarFile, sidecar.get());
            files.add(sidecarFile);
        } else {
            delete(sidecarFile);
        }
        return new Written(files, names.dropped());
    }

    /** Deletes the description of the replaced model, which does not apply to the new one. */
    private static void delete(Path sidecarFile) {
        try {
            Files.deleteIfExists(sidecarFile);
        } catch (IOException e) {
            throw new HieraException(sidecarFile + ": cannot be deleted: " + FileFault.reason(e), e);
        }
    }

    /** Throws if a description would be replaced without its weights, because it may belong to another model. */
    static void checkNoOtherModel(Path configFile, String description, boolean replaces) {
        try {
            boolean clash = !replaces
                    && Files.exists(configFile)
                    && !Files.readString(configFile).equals(description);
            check(!clash, "%s: describes another model; choose another directory", configFile);
        } catch (IOException e) {
            throw new HieraException(configFile + ": cannot be read: " + FileFault.reason(e), e);
        }
    }

    static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new HieraException(directory + ": cannot be created: " + FileFault.reason(e), e);
        }
    }
}
