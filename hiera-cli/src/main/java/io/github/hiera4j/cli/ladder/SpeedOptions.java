package io.github.hiera4j.cli.ladder;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.bench.Benchmark;
import io.github.hiera4j.bench.BenchmarkCase;
import io.github.hiera4j.bench.Machine;
import io.github.hiera4j.bench.RunTime;
import io.github.hiera4j.cli.options.PositiveInteger;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.train.report.TextFile;
import io.github.hiera4j.train.run.StepBenchmark;
import io.github.hiera4j.train.run.StepSubject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings for measuring several models, and the destination of the results. */
final class SpeedOptions {
    @Option(
            names = {"-b", "--batch"},
            paramLabel = "N",
            converter = PositiveInteger.class,
            description = "Images or clips per run (default: 8; videos: 1).")
    @Nullable
    Integer batch;

    @Option(
            names = "--dtype",
            split = ",",
            paramLabel = "TYPE",
            description =
                    "Element types; those not supported by the processor are skipped" + " (default: float32,bfloat16).")
    List<String> dtypes = List.of("float32", "bfloat16");

    @Option(names = "--backend", paramLabel = "NAME", description = "Backend (default: the preferred backend).")
    @Nullable
    String backend;

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: all processors).")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--seconds", paramLabel = "S", description = "Seconds of measurement per model (default: 3).")
    double seconds = 3;

    @Option(names = "--train-step", description = "Also measure training steps, on libtorch.")
    boolean trainStep;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Write a chart as SVG to this directory.")
    @Nullable
    Path out;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    /** A backend and its compile options. */
    record Engine(Backend backend, CompileOptions options) {
        String describe(int batch) {
            return options.dtype() + ", " + backend.name() + ", batch " + batch + ", " + options.threads()
                    + (options.threads() == 1 ? " thread" : " threads");
        }
    }

    int batch(boolean isVideo) {
        return batch != null ? batch : isVideo ? 1 : 8;
    }

    /** Returns an engine for each type that the backend supports; the others are skipped with a note. */
    List<Engine> engines(Output output) {
        CompileOptions plain = WrongCallException.check(() -> new CompileOptions(DType.FLOAT32, device, threads));
        checkCall(seconds >= 0 && seconds <= 3600, "--seconds must be 0 to 3600, got %s", seconds);
        String name = backend;
        Backend chosen =
                name == null ? Backends.preferred(plain) : WrongCallException.check(() -> Backends.named(name));
        List<Engine> engines = new ArrayList<>();
        for (String typed : dtypes) {
            DType dtype = WrongCallException.check(() -> DType.forComputing(typed));
            checkCall(dtype != DType.INT8, "int8 is supported only for Hiera: use hiera benchmark --dtype int8");
            CompileOptions options = plain.withDtype(dtype);
            Availability support = chosen.supports(options);
            if (support.usable()) {
                engines.add(new Engine(chosen, options));
            } else {
                output.note(dtype + " is skipped: " + support.detail());
            }
        }
        if (engines.isEmpty()) {
            throw new HieraException("backend '" + chosen.name() + "' supports none of the types "
                    + String.join(", ", dtypes) + " on this machine: choose another --dtype or --backend");
        }
        return engines;
    }

    /** Measures one model with one type; returns empty after a note if that fails. */
    Optional<SpeedRow> measure(Candidate model, Engine engine, int samples, Output output) {
        try {
            Repeats usual = Repeats.DEFAULT;
            Benchmark benchmark = new Benchmark(new Repeats(2, 3, usual.maximumRuns(), seconds));
            RunTime time = benchmark.time(
                    BenchmarkCase.of(model.name(), model.inference(), engine.backend(), engine.options(), samples));
            Optional<StepBenchmark.Result> training =
                    trainStep ? Optional.of(step(model.training().apply(samples), engine)) : Optional.empty();
            Optional<StepBenchmark.Result> autoencoder = trainStep
                    ? model.autoencoder().map(mae -> step(StepSubject.of(mae, samples), engine))
                    : Optional.empty();
            return Optional.of(new SpeedRow(engine, ModelCost.of(model.inference()), time, training, autoencoder));
        } catch (HieraException failure) {
            output.note(model.name() + " in " + engine.options().dtype() + ": " + failure.getMessage());
            return Optional.empty();
        }
    }

    private StepBenchmark.Result step(StepSubject subject, Engine engine) {
        return StepBenchmark.measure(subject, seconds, engine.options());
    }

    /** Returns the directory for charts, creating it before the first measurement. */
    Optional<Path> directory() {
        Optional<Path> directory = Optional.ofNullable(out);
        directory.ifPresent(TextFile::makeDirectory);
        return directory;
    }

    static List<String> machine() {
        return Machine.current().description();
    }
}
