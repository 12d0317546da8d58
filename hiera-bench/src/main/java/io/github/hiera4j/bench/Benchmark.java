package io.github.hiera4j.bench;

import io.github.hiera4j.bench.load.Callers;
import io.github.hiera4j.bench.load.LoadedSpeed;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.ProfilingSession;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.model.timing.Spread;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Measures cases one after the other. The peak that a case is compared with is measured once per backend and options, in the
 * same process, because the speed of a machine drifts.
 */
public final class Benchmark {
    private static final int PROFILED_RUNS = 5;

    private final Repeats repeats;
    private final Map<PeakKey, Double> peaks = new HashMap<>();

    private record PeakKey(String backend, CompileOptions options) {}

    /**
     * Creates a benchmark with the given repetitions.
     *
     * @param repeats number and duration of the repetitions
     */
    public Benchmark(Repeats repeats) {
        this.repeats = repeats;
    }

    /**
     * Returns the billions of operations per second that large matrix products reach. The first call measures them in about two seconds.
     *
     * @param backend the backend
     * @param options precision, device and threads
     * @return the peak
     */
    public double peak(Backend backend, CompileOptions options) {
        return peaks.computeIfAbsent(
                new PeakKey(backend.name(), options), key -> MatmulPeak.gigaflops(backend, options));
    }

    /**
     * Measures one case with formula weights.
     *
     * @param measured model, batch and outputs
     * @return times and speed
     */
    public BenchmarkResult run(BenchmarkCase measured) {
        try (Session session = open(measured)) {
            return run(measured, session);
        }
    }

    /**
     * Measures the time of one case with formula weights, without measuring the machine's peak.
     *
     * @param measured model, batch and outputs
     * @return time and memory
     */
    public RunTime time(BenchmarkCase measured) {
        try (Session session = open(measured)) {
            return new RunTime(time(measured, session), measured.batch(), session.nativeBytes());
        }
    }

    /**
     * Measures one case with formula weights, on an idle machine and with busy processes.
     *
     * @param measured model, batch and outputs
     * @param processes busy processes, 1 or more
     * @param callers the threads that run the model, all with the batch size of the case
     * @return the mean time of a run in both conditions
     */
    public LoadedSpeed underLoad(BenchmarkCase measured, int processes, Callers callers) {
        return measure(measured, run -> LoadedSpeed.measure(processes, callers, repeats.seconds(), run));
    }

    /**
     * Measures one case with formula weights and a custom measurement.
     *
     * @param <T> the result of the measurement
     * @param measured model, batch and outputs
     * @param measurement receives one run, which it may do any number of times and in several threads
     * @return the result of the measurement
     */
    public static <T> T measure(BenchmarkCase measured, Function<Runnable, T> measurement) {
        try (Session session = open(measured)) {
            Map<String, HostTensor> feeds = measured.feeds();
            List<String> outputs = measured.outputs();
            return measurement.apply(() -> session.run(feeds, outputs));
        }
    }

    private Spread time(BenchmarkCase measured, Session session) {
        Map<String, HostTensor> feeds = measured.feeds();
        List<String> outputs = measured.outputs();
        return Spread.ofNanoseconds(repeats.measure(() -> session.run(feeds, outputs)));
    }

    private BenchmarkResult run(BenchmarkCase measured, Session session) {
        double peak = peak(measured.backend(), measured.options());
        Spread time = time(measured, session);
        double gflops = measured.operations() / time.median() / 1e6;
        return new BenchmarkResult(
                measured.model(),
                measured.backend().name(),
                measured.options().dtype().toString(),
                measured.batch(),
                measured.options().threads(),
                time,
                measured.batch() * 1e3 / time.median(),
                gflops,
                gflops / peak,
                session.nativeBytes() / 1e6);
    }

    /**
     * {@return the profile of a case; throws a {@code HieraException} if its backend does not support profiling}
     *
     * @param measured model, batch and outputs
     */
    public Profile profile(BenchmarkCase measured) {
        try (Session session = open(measured)) {
            if (!(session instanceof ProfilingSession profiling)) {
                throw new HieraException(
                        "backend '" + measured.backend().name() + "' cannot profile its runs: use backend 'onednn'");
            }
            Map<String, HostTensor> feeds = measured.feeds();
            for (int run = 0; run < repeats.warmUpRuns(); run++) {
                session.run(feeds, measured.outputs());
            }
            List<List<StepTime>> runs = new ArrayList<>();
            for (int run = 0; run < PROFILED_RUNS; run++) {
                runs.add(profiling.profile(feeds, measured.outputs()));
            }
            return Profile.of(runs, measured.hiera());
        }
    }

    private static Session open(BenchmarkCase measured) {
        Graph graph = measured.graph();
        WeightSource weights = new FormulaWeights(graph.parameters());
        if (measured.options().dtype() == DType.INT8) {
            HieraConfig hiera = measured.hiera()
                    .orElseThrow(() -> new HieraException("int8 is calibrated for Hiera alone: measure "
                            + Printable.of(measured.model()) + " in float32 or bfloat16"));
            weights = Int8Weights.of(
                            graph, hiera, weights, measured.backend(), measured.options(), QuantizationSettings.DEFAULT)
                    .weights();
        }
        return measured.backend().compile(graph, weights, measured.options());
    }
}
