package io.github.hiera4j.cli.measure;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.train.run.StepBenchmark;
import io.github.hiera4j.train.run.StepSubject;
import io.github.hiera4j.train.run.TrainingProcesses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Measures training steps for {@link BenchmarkCommand}. Under {@code hiera launch} and other launchers all processes measure the same
 * steps, and the first one prints.
 */
final class TrainingBenchmark {
    /** The backend of training steps, in the output. */
    static final String BACKEND = "training step on libtorch";

    private final Output output;
    private final Subjects subjects;
    private final double seconds;
    private final int threads;
    private final boolean json;
    private final boolean profile;

    /** Creates the training step of a model. */
    interface Subjects {
        StepSubject of(String model, int batch);
    }

    /**
     * Creates a benchmark.
     *
     * @param seconds the duration of each case
     * @param threads number of threads stated in the output
     * @param json whether to print each result as one line of JSON instead of a table
     * @param profile whether to print the parts of a step, too
     */
    TrainingBenchmark(Output output, Subjects subjects, double seconds, int threads, boolean json, boolean profile) {
        this.output = output;
        this.subjects = subjects;
        this.seconds = seconds;
        this.threads = threads;
        this.json = json;
        this.profile = profile;
    }

    /**
     * Measures every combination.
     *
     * @param options precision, device and threads by element type
     * @return the exit status
     */
    int run(List<String> models, List<String> dtypes, List<Integer> batches, Function<String, CompileOptions> options) {
        try (TrainingProcesses processes = TrainingProcesses.join(System.getenv())) {
            List<List<String>> rows = new ArrayList<>();
            for (String model : models) {
                for (String dtype : dtypes) {
                    for (int batch : batches) {
                        CompileOptions chosen = options.apply(dtype);
                        StepBenchmark.Result result =
                                StepBenchmark.measure(subjects.of(model, batch), seconds, chosen, processes);
                        if (processes.isFirst()) {
                            rows.add(row(model, dtype, batch, result));
                            print(model, dtype, batch, result);
                        }
                    }
                }
            }
            if (!json && processes.isFirst()) {
                output.table(List.of("training", "dtype", "n", "ms", "n/s", "GFLOP/s"), rows);
            }
            return 0;
        }
    }

    private static List<String> row(String model, String dtype, int batch, StepBenchmark.Result result) {
        return List.of(
                model,
                dtype,
                String.valueOf(batch),
                BenchmarkTables.number(result.time().median()) + " ±"
                        + BenchmarkTables.number(result.time().halfQuartileDistance()),
                BenchmarkTables.number(result.samplesPerSecond()),
                BenchmarkTables.number(result.gflops()));
    }

    /** Prints the output of one case that precedes the table of all cases. */
    private void print(String model, String dtype, int batch, StepBenchmark.Result result) {
        if (json) {
            output.json(jsonLine(model, dtype, batch, result));
        } else if (profile) {
            output.table(List.of("step of " + model + " " + dtype, "ms", "share"), BenchmarkTables.stepRows(result));
            exchangeLine(result).ifPresent(output::line);
            output.line("");
        }
    }

    /** Prints the speed at which processes exchange a gradient, which the formula in docs/scale.md needs. */
    private static Optional<String> exchangeLine(StepBenchmark.Result result) {
        return result.exchange()
                .map(speed -> String.format(
                        Locale.ROOT,
                        "sum of %.1f MB by itself over %d processes: %.1f ms, %.2f Gbit/s sent by each",
                        speed.bytes() / 1e6,
                        speed.processes(),
                        speed.seconds() * 1e3,
                        speed.bitsPerSecond() / 1e9));
    }

    private Map<String, Object> jsonLine(String model, String dtype, int batch, StepBenchmark.Result result) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("model", model);
        line.put("backend", BACKEND);
        line.put("dtype", dtype);
        line.put("batch", batch);
        line.put("threads", threads);
        line.put("milliseconds", result.time().median());
        line.put("samplesPerSecond", result.samplesPerSecond());
        line.put("gflops", result.gflops());
        if (profile) {
            line.put("profile", result.profile());
            result.exchange().ifPresent(speed -> {
                line.put("exchangeBytes", speed.bytes());
                line.put("exchangeMilliseconds", speed.seconds() * 1e3);
            });
        }
        return line;
    }
}
