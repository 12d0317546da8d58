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
 */
public record LoadOptions(
        Optional<String> backend, CompileOptions compile, Optional<Path> labels, boolean ownPreprocessing) {
    public static final LoadOptions DEFAULT =
            new LoadOptions(Optional.empty(), CompileOptions.DEFAULT, Optional.empty(), true);

    public LoadOptions withBackend(String name) {
        return new LoadOptions(Optional.of(name), compile, labels, ownPreprocessing);
    }

    public LoadOptions withDtype(DType dtype) {
        return new LoadOptions(backend, compile.withDtype(dtype), labels, ownPreprocessing);
    }

    public LoadOptions withDevice(String device) {
        return new LoadOptions(backend, compile.withDevice(device), labels, ownPreprocessing);
    }

    public LoadOptions withThreads(int threads) {
        return new LoadOptions(backend, compile.withThreads(threads), labels, ownPreprocessing);
    }

    public LoadOptions withLabels(Path file) {
        return new LoadOptions(backend, compile, Optional.of(file), ownPreprocessing);
    }

    /** Prepares images as the released models were trained, whatever the checkpoint says. */
    public LoadOptions withReleasedPreprocessing() {
        return new LoadOptions(backend, compile, labels, false);
    }
}
