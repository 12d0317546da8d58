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
 * @param averagedWeights take the averaged weights of a checkpoint (an exponential moving average, a teacher), which it must have;
 *     false: the raw ones, or the averaged ones of a checkpoint that has no others
 */
public record LoadOptions(
        Optional<String> backend,
        CompileOptions compile,
        Optional<Path> labels,
        boolean ownPreprocessing,
        boolean averagedWeights) {
    public static final LoadOptions DEFAULT =
            new LoadOptions(Optional.empty(), CompileOptions.DEFAULT, Optional.empty(), true, false);

    public LoadOptions withBackend(String name) {
        return new LoadOptions(Optional.of(name), compile, labels, ownPreprocessing, averagedWeights);
    }

    public LoadOptions withDtype(DType dtype) {
        return new LoadOptions(backend, compile.withDtype(dtype), labels, ownPreprocessing, averagedWeights);
    }

    public LoadOptions withDevice(String device) {
        return new LoadOptions(backend, compile.withDevice(device), labels, ownPreprocessing, averagedWeights);
    }

    public LoadOptions withThreads(int threads) {
        return new LoadOptions(backend, compile.withThreads(threads), labels, ownPreprocessing, averagedWeights);
    }

    public LoadOptions withLabels(Path file) {
        return new LoadOptions(backend, compile, Optional.of(file), ownPreprocessing, averagedWeights);
    }

    /** Prepares images as the released models were trained, whatever the checkpoint says. */
    public LoadOptions withReleasedPreprocessing() {
        return new LoadOptions(backend, compile, labels, false, averagedWeights);
    }

    /** Takes the averaged weights of a checkpoint, which it must have. */
    public LoadOptions withAveragedWeights() {
        return new LoadOptions(backend, compile, labels, ownPreprocessing, true);
    }
}
