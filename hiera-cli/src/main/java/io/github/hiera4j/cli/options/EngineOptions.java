package io.github.hiera4j.cli.options;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that runs a model. */
public final class EngineOptions {
    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "onednn, torch or reference (default: the fastest that works here).")
    @Nullable
    String backend;

    @Option(names = "--dtype", paramLabel = "TYPE", description = "float32, bfloat16 or float16 (default: float32).")
    String dtype = "float32";

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a run (default: one per core).")
    int threads;

    public Optional<String> backendName() {
        return Optional.ofNullable(backend);
    }

    public CompileOptions compileOptions() {
        return WrongCallException.check(() -> new CompileOptions(DType.forComputing(dtype), device, threads));
    }

    /** The backend that is named, or the preferred one that can do what is asked. */
    public Backend backend() {
        return backendName()
                .map(name -> WrongCallException.check(() -> Backends.named(name)))
                .orElseGet(() -> Backends.preferred(compileOptions()));
    }
}
