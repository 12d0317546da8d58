package io.github.hiera4j.api.segment;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a segmentation model is loaded. Immutable; start from {@link #DEFAULT} and change what matters. */
public final class SegmenterOptions {
    /** The preferred backend in float32 on the CPU. */
    public static final SegmenterOptions DEFAULT = new SegmenterOptions(null, CompileOptions.DEFAULT, null);

    private final @Nullable String backend;
    private final CompileOptions compile;
    private final @Nullable Path configFile;

    private SegmenterOptions(@Nullable String backend, CompileOptions compile, @Nullable Path configFile) {
        this.backend = backend;
        this.compile = compile;
        this.configFile = configFile;
    }

    /**
     * These options with a backend by name: {@code onednn}, {@code torch} or {@code reference}.
     *
     * @param name the name of the backend
     * @return the options
     */
    public SegmenterOptions withBackend(String name) {
        return new SegmenterOptions(name, compile, configFile);
    }

    /**
     * These options with precision, device and threads.
     *
     * @param options the options
     * @return the options
     */
    public SegmenterOptions withCompile(CompileOptions options) {
        return new SegmenterOptions(backend, options, configFile);
    }

    /**
     * These options with another element type of the image encoder; the mask decoder computes in float32 in any case.
     *
     * @param dtype the element type
     * @return the options
     */
    public SegmenterOptions withDtype(DType dtype) {
        return withCompile(compile.withDtype(dtype));
    }

    /**
     * These options with a number of threads; 0 leaves the choice to the backend.
     *
     * @param threads the number of threads, or 0
     * @return the options
     */
    public SegmenterOptions withThreads(int threads) {
        return withCompile(compile.withThreads(threads));
    }

    /**
     * These options with transformers' {@code config.json}, for weights of an unpublished model that have none beside them.
     *
     * @param file the configuration
     * @return the options
     */
    public SegmenterOptions withConfig(Path file) {
        return new SegmenterOptions(backend, compile, file);
    }

    CompileOptions compile() {
        return compile;
    }

    Optional<Path> configFile() {
        return Optional.ofNullable(configFile);
    }

    Backend engine() {
        return backend == null ? Backends.preferred(compile) : Backends.named(backend);
    }
}
