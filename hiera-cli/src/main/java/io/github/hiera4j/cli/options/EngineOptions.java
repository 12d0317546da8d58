package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.LoadOptionsBuilder;
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

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "float32, bfloat16, float16, int8 (encoders, on a CPU), or auto: the fastest of them here whose"
                            + " outputs are off by no more than 5 %% (default: float32).")
    String dtype = "float32";

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a run (default: one per core).")
    int threads;

    /** What {@code auto} allows: relative L2 error of the scores or embeddings against float32. */
    public static final double AUTO_ERROR = 0.05;

    private static final String AUTO = "auto";

    public Optional<String> backendName() {
        return Optional.ofNullable(backend);
    }

    /** Whether the type is left to the engine. */
    public boolean isAuto() {
        return dtype.equalsIgnoreCase(AUTO);
    }

    /** What is requested; {@code auto} gives the fastest floating type, for models that cannot be quantised. */
    public CompileOptions compileOptions() {
        return WrongCallException.check(
                () -> new CompileOptions(isAuto() ? fastestFloat() : DType.forRunning(dtype), device, threads));
    }

    /** The same for a command that computes in floating point only. */
    public CompileOptions floatingOptions() {
        CompileOptions options = compileOptions();
        WrongCallException.checkCall(
                options.dtype().isFloating(),
                "--dtype int8 is not possible here: expected float32, bfloat16, float16 or auto");
        return options;
    }

    private DType fastestFloat() {
        Backend engine = backendName()
                .map(Backends::named)
                .orElseGet(() -> Backends.preferred(new CompileOptions(DType.FLOAT32, device, threads)));
        return engine.typesBySpeed(device).stream()
                .filter(DType::isFloating)
                .findFirst()
                .orElse(DType.FLOAT32);
    }

    /** Type, device, threads and backend of a model that is loaded. */
    public LoadOptionsBuilder loadOptions() {
        LoadOptionsBuilder options = LoadOptions.builder().compile(compileOptions());
        backendName().ifPresent(options::backend);
        return isAuto() ? options.fastestType(AUTO_ERROR) : options;
    }

    /** The backend that is named, or the preferred one that can do what is asked. */
    public Backend backend() {
        return backendName()
                .map(name -> WrongCallException.check(() -> Backends.named(name)))
                .orElseGet(() -> Backends.preferred(compileOptions()));
    }
}
