package io.github.hiera4j.model.backend;

import java.util.Optional;

/**
 * The backend that runs a model, and its options.
 *
 * @param backend the backend's name; empty for the preferred one among those that work here
 * @param compile element type, device and threads
 */
public record EngineChoice(Optional<String> backend, CompileOptions compile) {
    /** The preferred backend in float32 on the CPU. */
    public static final EngineChoice DEFAULT = new EngineChoice(Optional.empty(), CompileOptions.DEFAULT);

    /**
     * {@return this choice with a named backend}
     *
     * @param name {@code torch}, {@code onednn}, {@code reference}, or another on the class path
     */
    public EngineChoice withBackend(String name) {
        return new EngineChoice(Optional.of(name), compile);
    }

    /**
     * {@return this choice with other options}
     *
     * @param options element type, device and threads
     */
    public EngineChoice withCompile(CompileOptions options) {
        return new EngineChoice(backend, options);
    }

    /**
     * {@return the backend}
     *
     * @throws io.github.hiera4j.model.HieraException if it is missing or cannot be used here
     */
    public Backend engine() {
        return backend.map(Backends::named).orElseGet(() -> Backends.preferred(compile));
    }
}
