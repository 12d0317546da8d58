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
            description = "onednn, torch or reference (default: the fastest that works on this machine).")
    @Nullable
    String backend;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "float32, bfloat16, float16, int8 (encoders, on a CPU), or auto: the fastest type on this machine"
                            + " whose outputs differ by at most 5 %% (default: float32).")
    String dtype = "float32";

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: one per core).")
    int threads;

    /** The maximum relative L2 error of scores or embeddings against float32 for {@code auto}. */
    public static final double AUTO_ERROR = 0.05;

    private static final String AUTO = "auto";

    public Optional<String> backendName() {
        return Optional.ofNullable(backend);
    }

    /** Returns whether the type is {@code auto}. */
    public boolean isAuto() {
        return dtype.equalsIgnoreCase(AUTO);
    }

    /** Returns the requested options, with the fastest floating-point type for {@code auto}, for models that cannot be quantised. */
    public CompileOptions compileOptions() {
        return WrongCallException.check(
                () -> new CompileOptions(isAuto() ? fastestFloat() : DType.forRunning(dtype), device, threads));
    }

    /** Returns the requested options for a command that computes only in floating point. */
    public CompileOptions floatingOptions() {
        CompileOptions options = compileOptions();
        WrongCallException.checkCall(
                options.dtype().isFloating(),
                "--dtype int8 is not supported here: expected float32, bfloat16, float16 or auto");
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

    /** Returns loading options with the requested type, device, threads and backend. */
    public LoadOptionsBuilder loadOptions() {
        LoadOptionsBuilder options = LoadOptions.builder().compile(compileOptions());
        backendName().ifPresent(options::backend);
        return isAuto() ? options.fastestType(AUTO_ERROR) : options;
    }

    /** Returns the named backend, or the preferred one that supports the requested options. */
    public Backend backend() {
        return backendName()
                .map(name -> WrongCallException.check(() -> Backends.named(name)))
                .orElseGet(() -> Backends.preferred(compileOptions()));
    }
}
