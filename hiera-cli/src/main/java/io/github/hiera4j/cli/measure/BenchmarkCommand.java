package io.github.hiera4j.cli.measure;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.bench.Benchmark;
import io.github.hiera4j.bench.BenchmarkCase;
import io.github.hiera4j.bench.BenchmarkResult;
import io.github.hiera4j.bench.load.BusyProcesses;
import io.github.hiera4j.bench.load.Callers;
import io.github.hiera4j.bench.load.LoadedSpeed;
import io.github.hiera4j.cli.model.ConvertCommand;
import io.github.hiera4j.cli.model.ModelArguments;
import io.github.hiera4j.cli.model.OtherModels;
import io.github.hiera4j.cli.options.SizeOptions;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.train.run.StepBenchmark;
import io.github.hiera4j.train.run.StepSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures every combination of the given models, batch sizes, element types and backends. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measure inference speed: models × batches × types × backends.",
        footer = {
            "Lists are separated by commas. Times are medians of warm runs, ± half the",
            "interquartile range; GFLOP/s count matrix products and convolutions; peak is the",
            "share of the rate that large matrix products reach in the same process."
        })
public final class BenchmarkCommand implements Callable<Integer> {
    @Mixin
    ModelArguments named;

    @Option(
            names = {"-b", "--batch"},
            split = ",",
            paramLabel = "N",
            description = "Batch sizes (default: 1,8).")
    List<Integer> batches = List.of(1, 8);

    @Option(
            names = "--dtype",
            split = ",",
            paramLabel = "TYPE",
            description = "Element types (default: float32,bfloat16).")
    List<String> dtypes = List.of("float32", "bfloat16");

    @Option(
            names = "--backend",
            split = ",",
            paramLabel = "NAME",
            description = "Backends (default: the preferred backend).")
    List<String> backends = List.of();

    @Mixin
    SizeOptions size;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: all processors).")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    String device = "cpu";

    @Option(names = "--seconds", paramLabel = "S", description = "Seconds of measurement per case (default: 5).")
    double seconds = Repeats.DEFAULT.seconds();

    @Option(
            names = "--load",
            paramLabel = "N",
            description =
                    "Measure alternately on the idle machine and next to N busy processes; shows the share of the idle speed.")
    int load;

    @Option(
            names = "--callers",
            paramLabel = "N",
            description = "With --load: number of threads that run the model at the same time (default: 1).")
    int callers = 1;

    @Option(
            names = "--turns",
            description =
                    "With --json, for scripts that measure several programs in turn: loads and warms up one case, then reads"
                            + " seconds from standard input, one number per line, and answers each line with the runs of that time.")
    boolean turns;

    @Option(names = "--profile", description = "Also show the time per kind of operation and per stage.")
    boolean profile;

    @Option(names = "--train", description = "Measure training steps (forward, backward, AdamW) on libtorch.")
    boolean train;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    private List<String> models() {
        return named.or(List.of("hiera_base_224"));
    }

    @Override
    public Integer call() {
        Output output = new Output(spec);
        checkCall(
                load >= 0 && load <= BusyProcesses.MOST,
                "--load must be 1 to %d busy processes, got %d",
                BusyProcesses.MOST,
                load);
        checkCall(load == 0 || !profile, "--load measures whole runs: leave out %s", "--profile");
        checkCall(callers >= 1 && callers <= Callers.MOST, "--callers must be 1 to %d, got %d", Callers.MOST, callers);
        checkCall(callers == 1 || (load > 0 && !train), "--callers needs --load, and is not for training steps");
        if (turns) {
            return measureInTurns(output);
        }
        if (load > 0) {
            return measureUnderLoad(output);
        }
        if (train) {
            return new TrainingBenchmark(output, this::subject, seconds, threads, json, profile)
                    .run(models(), dtypes, batches, this::trainingOptions);
        }
        Repeats usual = Repeats.DEFAULT;
        Benchmark benchmark =
                new Benchmark(new Repeats(usual.warmUpRuns(), usual.minimumRuns(), usual.maximumRuns(), seconds));
        List<BenchmarkResult> results = new ArrayList<>();
        boolean allMeasured = true;
        for (BenchmarkCase measured : cases()) {
            try {
                BenchmarkResult result = benchmark.run(measured);
                results.add(result);
                if (json) {
                    output.json(result.toJson());
                }
                if (profile) {
                    BenchmarkTables.print(measured, benchmark.profile(measured), json, output);
                }
            } catch (HieraException failure) {
                output.note(failure.getMessage());
                allMeasured = false;
            }
        }
        if (!json && !results.isEmpty()) {
            BenchmarkTables.print(results, output);
        }
        return allMeasured ? 0 : 1;
    }

    private int measureInTurns(Output output) {
        checkCall(json, "--turns answers a script with lines of JSON: add --json");
        checkCall(
                models().size() == 1 && dtypes.size() == 1 && batches.size() == 1 && backends.size() <= 1,
                "--turns measures one case: give one MODEL, one --dtype, one --batch and at most one --backend");
        checkCall(!profile, "--turns measures whole runs: leave out --profile");
        checkCall(
                !spec.commandLine().getParseResult().hasMatchedOption("--seconds"),
                "--turns reads the seconds from standard input: leave out --seconds");
        Turns asked = new Turns(output, threads, load, new Callers(callers));
        if (train) {
            String dtype = dtypes.get(0);
            StepSubject subject = subject(models().get(0), batches.get(0));
            return StepBenchmark.measure(
                    subject,
                    trainingOptions(dtype),
                    step -> asked.answer(
                            models().get(0), TrainingBenchmark.BACKEND, dtype, batches.get(0), System.in, step));
        }
        BenchmarkCase measured = cases().get(0);
        return Benchmark.measure(measured, run -> asked.answer(measured, System.in, run));
    }

    private int measureUnderLoad(Output output) {
        Callers calling = new Callers(callers);
        LoadTable table = new LoadTable(output, json, threads, calling);
        boolean allMeasured = true;
        if (train) {
            for (String model : models()) {
                for (String dtype : dtypes) {
                    CompileOptions options = trainingOptions(dtype);
                    for (int batch : batches) {
                        LoadedSpeed speed = StepBenchmark.measure(
                                subject(model, batch),
                                options,
                                step -> LoadedSpeed.measure(load, calling, seconds, step));
                        table.add(model, TrainingBenchmark.BACKEND, dtype, batch, speed);
                    }
                }
            }
        } else {
            Repeats usual = Repeats.DEFAULT;
            Benchmark benchmark =
                    new Benchmark(new Repeats(usual.warmUpRuns(), usual.minimumRuns(), usual.maximumRuns(), seconds));
            for (BenchmarkCase measured : cases()) {
                try {
                    table.add(measured, benchmark.underLoad(measured, load, calling));
                } catch (HieraException failure) {
                    output.note(failure.getMessage());
                    allMeasured = false;
                }
            }
        }
        table.print();
        return allMeasured ? 0 : 1;
    }

    private CompileOptions trainingOptions(String dtype) {
        return options(WrongCallException.check(() -> DType.forComputing(dtype)));
    }

    private CompileOptions options(DType dtype) {
        return new CompileOptions(dtype, device, threads);
    }

    private StepSubject subject(String model, int batch) {
        Optional<BaselineModel> baseline = OtherModels.baseline(model);
        if (baseline.isPresent()) {
            requireOwnSize(model);
            return StepSubject.ofBaseline(baseline.get(), batch);
        }
        checkCall(
                OtherModels.graph(model).isEmpty(),
                "%s does not support training steps: leave out --train, or select another model",
                Printable.of(model));
        return StepSubject.of(sized(model), batch);
    }

    /** Returns a published model at the requested size; autoencoders keep their decoder. */
    private ModelConfig sized(String model) {
        ModelConfig published = ConvertCommand.named(model, false);
        InputSize wanted = size.inputSize();
        checkCall(
                wanted.kind() != InputSize.Kind.NATIVE,
                "--size native is not supported here: expected a size such as 384 or 256x320");
        HieraConfig encoder = wanted.of(published.encoder());
        return published instanceof MaeConfig mae ? mae.withEncoder(encoder) : encoder;
    }

    private List<BenchmarkCase> cases() {
        List<BenchmarkCase> cases = new ArrayList<>();
        for (String model : models()) {
            for (String dtype : dtypes) {
                CompileOptions options = options(WrongCallException.check(() -> DType.forRunning(dtype)));
                List<Backend> engines = backends.isEmpty()
                        ? List.of(Backends.preferred(options))
                        : backends.stream()
                                .map(name -> WrongCallException.check(() -> Backends.named(name)))
                                .toList();
                for (Backend engine : engines) {
                    for (int batch : batches) {
                        cases.add(measured(model, engine, options, batch));
                    }
                }
            }
        }
        return cases;
    }

    private BenchmarkCase measured(String model, Backend engine, CompileOptions options, int batch) {
        Optional<Graph> other = OtherModels.graph(model);
        if (other.isPresent()) {
            requireOwnSize(model);
            return BenchmarkCase.of(model, other.get(), engine, options, batch);
        }
        return BenchmarkCase.of(model, sized(model), engine, options, batch);
    }

    private void requireOwnSize(String model) {
        checkCall(
                size.inputSize().equals(InputSize.OWN),
                "%s is measured only at its published size: leave out --size and --frames, or select a Hiera model",
                Printable.of(model));
    }
}
