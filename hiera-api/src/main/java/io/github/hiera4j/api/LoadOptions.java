package io.github.hiera4j.api;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a checkpoint is loaded. Start from {@link #DEFAULT} and change what matters.
 *
 * @param backend a backend's name; empty: the preferred one that works here
 * @param compile precision, device and threads
 * @param labels a file of class names; empty: the checkpoint's own, else the built-in ones by class count
 * @param ownPreprocessing prepare images and clips as a checkpoint's own configuration says, where it has one (timm's and those of
 *     models trained here do); false: always as the released models were trained
 * @param size the size at which the model sees images and clips
 */
public record LoadOptions(
        Optional<String> backend,
        CompileOptions compile,
        Optional<Path> labels,
        boolean ownPreprocessing,
        InputSize size) {
    public static final LoadOptions DEFAULT =
            new LoadOptions(Optional.empty(), CompileOptions.DEFAULT, Optional.empty(), true, InputSize.OWN);

    public LoadOptions withBackend(String name) {
        return new LoadOptions(Optional.of(name), compile, labels, ownPreprocessing, size);
    }

    public LoadOptions withDtype(DType dtype) {
        return new LoadOptions(backend, compile.withDtype(dtype), labels, ownPreprocessing, size);
    }

    public LoadOptions withDevice(String device) {
        return new LoadOptions(backend, compile.withDevice(device), labels, ownPreprocessing, size);
    }

    public LoadOptions withThreads(int threads) {
        return new LoadOptions(backend, compile.withThreads(threads), labels, ownPreprocessing, size);
    }

    public LoadOptions withLabels(Path file) {
        return new LoadOptions(backend, compile, Optional.of(file), ownPreprocessing, size);
    }

    /** Prepares images as the released models were trained, whatever the checkpoint says. */
    public LoadOptions withReleasedPreprocessing() {
        return new LoadOptions(backend, compile, labels, false, size);
    }

    /** Runs the model at another size than it was trained at. */
    public LoadOptions withSize(InputSize newSize) {
        return new LoadOptions(backend, compile, labels, ownPreprocessing, newSize);
    }
}
