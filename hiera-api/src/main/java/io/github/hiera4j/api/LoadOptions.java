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
 */
public record LoadOptions(Optional<String> backend, CompileOptions compile, Optional<Path> labels) {
    public static final LoadOptions DEFAULT =
            new LoadOptions(Optional.empty(), CompileOptions.DEFAULT, Optional.empty());

    public LoadOptions withBackend(String name) {
        return new LoadOptions(Optional.of(name), compile, labels);
    }

    public LoadOptions withDtype(DType dtype) {
        return new LoadOptions(backend, compile.withDtype(dtype), labels);
    }

    public LoadOptions withDevice(String device) {
        return new LoadOptions(backend, compile.withDevice(device), labels);
    }

    public LoadOptions withThreads(int threads) {
        return new LoadOptions(backend, compile.withThreads(threads), labels);
    }

    public LoadOptions withLabels(Path file) {
        return new LoadOptions(backend, compile, Optional.of(file));
    }
}
