package io.github.hiera4j.cli.measure;

import io.github.hiera4j.bench.BenchmarkCase;
import io.github.hiera4j.bench.load.Callers;
import io.github.hiera4j.bench.load.LoadedSpeed;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.model.timing.Spread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures one case in short turns at the request of a script, which measures other programs in between. The first line of output,
 * with {@code "ready": true}, follows the warm-up. Then each line of input holds a number of seconds, and is answered with one line of
 * figures.
 */
final class Turns {
    /** Two runs, then at least one more until a second has passed. */
    private static final Repeats WARM_UP = new Repeats(2, 1, 1000, 1);

    private final Output output;
    private final int threads;
    private final int load;
    private final Callers callers;

    /**
     * Creates turns.
     *
     * @param threads number of threads stated in the output
     * @param load number of busy processes during half of each turn, or 0
     * @param callers the threads that do the work if there are busy processes
     */
    Turns(Output output, int threads, int load, Callers callers) {
        this.output = output;
        this.threads = threads;
        this.load = load;
        this.callers = callers;
    }

    /**
     * Measures until the input ends.
     *
     * @param requests a number of seconds per line
     * @param run one run of the case
     * @return the exit status
     */
    int answer(BenchmarkCase measured, InputStream requests, Runnable run) {
        String dtype = measured.options().dtype().toString();
        return answer(measured.model(), measured.backend().name(), dtype, measured.batch(), requests, run);
    }

    /** Does the same with a description of what a run is. */
    int answer(String model, String backend, String dtype, int batch, InputStream requests, Runnable run) {
        WARM_UP.measure(run);
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("ready", true);
        ready.put("model", model);
        ready.put("backend", backend);
        ready.put("dtype", dtype);
        ready.put("batch", batch);
        ready.put("threads", threads);
        output.json(ready);
        BufferedReader lines = new BufferedReader(new InputStreamReader(requests, StandardCharsets.UTF_8));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                double seconds = seconds(line);
                output.json(load > 0 ? loadedTurn(seconds, run) : turn(seconds, run));
            }
        } catch (IOException fault) {
            throw new HieraException("standard input cannot be read: " + fault.getMessage(), fault);
        }
        return 0;
    }

    private static double seconds(String line) {
        try {
            return Double.parseDouble(line);
        } catch (NumberFormatException fault) {
            throw new HieraException(
                    "standard input: expected a number of seconds, got '" + Printable.of(line) + "'", fault);
        }
    }

    private static Map<String, Object> turn(double seconds, Runnable run) {
        long[] nanoseconds = new Repeats(1, 1, 1000, seconds).measureWarm(run);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("milliseconds", rounded(Spread.ofNanoseconds(nanoseconds).median()));
        line.put(
                "runs",
                Arrays.stream(nanoseconds)
                        .mapToDouble(time -> rounded(time / 1e6))
                        .toArray());
        return line;
    }

    private Map<String, Object> loadedTurn(double seconds, Runnable run) {
        LoadedSpeed speed = LoadedSpeed.measure(load, callers, seconds, run);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("callers", callers.count());
        line.put("busyProcesses", speed.processes());
        line.put("idleMilliseconds", speed.idleMillis());
        line.put("loadedMilliseconds", speed.loadedMillis());
        line.put("share", speed.share());
        return line;
    }

    /** Rounds milliseconds to microseconds. */
    private static double rounded(double milliseconds) {
        return Math.round(milliseconds * 1e3) / 1e3;
    }
}
