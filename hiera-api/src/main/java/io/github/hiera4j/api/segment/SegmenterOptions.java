package io.github.hiera4j.api.segment;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.EngineChoice;
import io.github.hiera4j.model.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Options for loading a segmentation model. Immutable; start from {@link #DEFAULT} and change single values. */
public final class SegmenterOptions {
    /** The preferred backend in float32 on the CPU. */
    public static final SegmenterOptions DEFAULT = new SegmenterOptions(EngineChoice.DEFAULT, null);

    private final EngineChoice choice;
    private final @Nullable Path configFile;

    private SegmenterOptions(EngineChoice choice, @Nullable Path configFile) {
        this.choice = choice;
        this.configFile = configFile;
    }

    /**
     * Returns these options with a backend by name: {@code onednn}, {@code torch} or {@code reference}.
     *
     * @param name the name of the backend
     * @return a changed copy
     */
    public SegmenterOptions withBackend(String name) {
        return new SegmenterOptions(choice.withBackend(name), configFile);
    }

    /**
     * Returns these options with precision, device and threads.
     *
     * @param options device, element type and threads of the computation
     * @return a changed copy
     */
    public SegmenterOptions withCompile(CompileOptions options) {
        return new SegmenterOptions(choice.withCompile(options), configFile);
    }

    /**
     * Returns these options with another element type of the image encoder; the mask decoder always computes in float32.
     *
     * @param dtype the element type
     * @return a changed copy
     */
    public SegmenterOptions withDtype(DType dtype) {
        return withCompile(compile().withDtype(dtype));
    }

    /**
     * Returns these options with a number of threads; 0 leaves the choice to the backend.
     *
     * @param threads the number of threads, or 0
     * @return a changed copy
     */
    public SegmenterOptions withThreads(int threads) {
        return withCompile(compile().withThreads(threads));
    }

    /**
     * Returns these options with transformers' {@code config.json}, for weights of an unpublished model without one in their directory.
     *
     * @param file the configuration
     * @return a changed copy
     */
    public SegmenterOptions withConfig(Path file) {
        return new SegmenterOptions(choice, file);
    }

    CompileOptions compile() {
        return choice.compile();
    }

    Optional<Path> configFile() {
        return Optional.ofNullable(configFile);
    }

    Backend engine() {
        return choice.engine();
    }
}
