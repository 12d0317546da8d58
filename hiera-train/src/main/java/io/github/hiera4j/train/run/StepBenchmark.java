package io.github.hiera4j.train.run;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.model.timing.Spread;
import io.github.hiera4j.torch.distributed.DataParallel;
import io.github.hiera4j.torch.distributed.ExchangeSpeed;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.tape.StepTimes;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.optimize.LayerDecay;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Measures whole training steps on formula pixels: forward, backward, gradient norm and AdamW, without reading data. */
public final class StepBenchmark {
    /** The profile entry for waiting for the gradients of other processes. */
    public static final String WAIT = "wait for other processes";

    /** The same if nothing is sent before the end of the backward pass. */
    public static final String WHOLE_EXCHANGE = "wait without overlap (another step)";

    private static final int WARM_UP = 2;
    private static final int FEWEST_STEPS = 3;
    private static final int MOST_STEPS = 100_000;

    private StepBenchmark() {}

    /**
     * The result of a measurement.
     *
     * @param time of a step
     * @param samplesPerSecond at the median
     * @param gflops billions of operations per second in matrix products and convolutions; the backward pass counts as two
     *     forward passes
     * @param profile milliseconds of a step by activity
     * @param exchange the sum of a vector as long as the gradient, without concurrent computation; empty for one process
     */
    public record Result(
            Spread time,
            double samplesPerSecond,
            double gflops,
            Map<String, Double> profile,
            Optional<Exchange> exchange) {}

    /**
     * The sum of a float32 vector over all processes.
     *
     * @param processes number of processes
     * @param bytes of the vector
     * @param seconds per sum
     */
    public record Exchange(int processes, long bytes, double seconds) {
        /** {@return bits per second that each process sends: a ring sends {@code 2 (N - 1) / N} times the vector} */
        public double bitsPerSecond() {
            return 8.0 * bytes * 2 * (processes - 1) / processes / seconds;
        }
    }

    /**
     * Measures training steps.
     *
     * @param config an autoencoder or an encoder with a head
     * @param batch samples per step, 1 to 4096
     * @param seconds no step is started after this time, but at least 3 are measured
     * @param options device, element type and threads
     * @return the result
     * @throws io.github.hiera4j.model.HieraException if the batch is out of range or the model has no classes
     */
    public static Result measure(ModelConfig config, int batch, double seconds, CompileOptions options) {
        return measure(StepSubject.of(config, batch), seconds, options);
    }

    /**
     * Measures training steps.
     *
     * @param subject a graph with a loss, its initial weights and its inputs
     * @param seconds no step is started after this time, but at least 3 are measured
     * @param options device, element type and threads
     * @return the result
     */
    public static Result measure(StepSubject subject, double seconds, CompileOptions options) {
        try (TorchTrainer trainer = trainer(subject, options, DataParallel.ALONE)) {
            Map<String, HostTensor> feeds = subject.feeds();
            int[] steps = {0};
            Spread time = Spread.ofNanoseconds(new Repeats(WARM_UP, FEWEST_STEPS, MOST_STEPS, seconds)
                    .measure(() -> step(trainer, feeds, ++steps[0])));
            double operations =
                    6.0 * subject.batch() * ModelCost.of(subject.graph()).multiplyAccumulates();
            return new Result(
                    time,
                    subject.batch() * 1e3 / time.median(),
                    operations / time.median() / 1e6,
                    profile(trainer, feeds, steps[0] + 1),
                    Optional.empty());
        }
    }

    /**
     * Measures training steps together with other processes, which must make the same call. The profile then contains the time that a
     * step waits for gradients of other processes ({@value #WAIT}), and the time that it would wait if they were sent only after the
     * backward pass ({@value #WHOLE_EXCHANGE}): the difference is the time that the overlap hides.
     *
     * @param subject a graph with a loss, its initial weights and the inputs of this process
     * @param seconds approximate duration of the measurement
     * @param options device, element type and threads
     * @param processes the processes
     * @return the result of this process; samples are those of all processes
     */
    public static Result measure(
            StepSubject subject, double seconds, CompileOptions options, TrainingProcesses processes) {
        ProcessGroup group = processes.group();
        if (group.isAlone()) {
            return measure(subject, seconds, options);
        }
        Map<String, HostTensor> feeds = subject.feeds();
        Result overlapped;
        try (TorchTrainer trainer =
                trainer(subject, options, new DataParallel(group, false, DataParallel.DEFAULT_BUCKET, false))) {
            overlapped = measureTogether(trainer, subject, seconds, group);
        }
        Map<String, Double> profile = new HashMap<>(overlapped.profile());
        try (TorchTrainer trainer = trainer(subject, options, new DataParallel(group, false, Long.MAX_VALUE, false))) {
            step(trainer, feeds, 1);
            profile.put(WHOLE_EXCHANGE, profile(trainer, feeds, 2).getOrDefault(WAIT, 0.0));
        }
        return new Result(
                overlapped.time(), overlapped.samplesPerSecond(), overlapped.gflops(), profile, overlapped.exchange());
    }

    /** Runs as many steps in every process as fit into the time of rank 0. */
    private static Result measureTogether(
            TorchTrainer trainer, StepSubject subject, double seconds, ProcessGroup group) {
        Map<String, HostTensor> feeds = subject.feeds();
        int[] steps = {0};
        step(trainer, feeds, ++steps[0]);
        long start = System.nanoTime();
        step(trainer, feeds, ++steps[0]);
        double fit = seconds * 1e9 / (System.nanoTime() - start);
        int counted = (int) group.sum(group.isFirst() ? Math.max(FEWEST_STEPS, Math.min(MOST_STEPS, fit)) : 0)[0];
        Spread time = Spread.ofNanoseconds(
                new Repeats(1, counted, counted, 0).measure(() -> step(trainer, feeds, ++steps[0])));
        int samples = subject.batch() * group.size();
        long parameters = trainer.parameterCount();
        Exchange exchange =
                new Exchange(group.size(), parameters * Float.BYTES, ExchangeSpeed.seconds(group, parameters));
        double operations = 6.0 * samples * ModelCost.of(subject.graph()).multiplyAccumulates();
        return new Result(
                time,
                samples * 1e3 / time.median(),
                operations / time.median() / 1e6,
                profile(trainer, feeds, steps[0] + 1),
                Optional.of(exchange));
    }

    /**
     * Measures training steps with a custom measurement.
     *
     * @param <T> the result of the measurement
     * @param subject a graph with a loss, its initial weights and its inputs
     * @param options device, element type and threads
     * @param measurement receives one training step, which it may run any number of times
     * @return the result of the measurement
     */
    public static <T> T measure(StepSubject subject, CompileOptions options, Function<Runnable, T> measurement) {
        try (TorchTrainer trainer = trainer(subject, options, DataParallel.ALONE)) {
            Map<String, HostTensor> feeds = subject.feeds();
            int[] steps = {0};
            return measurement.apply(() -> step(trainer, feeds, ++steps[0]));
        }
    }

    private static TorchTrainer trainer(StepSubject subject, CompileOptions options, DataParallel parallel) {
        Graph graph = subject.graph();
        int anyDepth = 1; // all layers have the same learning rate
        return new TorchTrainer(
                graph,
                LayerDecay.groups(graph.parameters(), anyDepth, 1, 0.05),
                new OptimizerSettings.AdamW(0.9, 0.95, 1e-8),
                subject.weights(),
                new TorchTrainer.Options(options.dtype(), options.device(), options.threads(), false, false),
                parallel);
    }

    private static void step(TorchTrainer trainer, Map<String, HostTensor> feeds, int step) {
        trainer.backward(feeds, 1, step);
        trainer.gradientNorm();
        trainer.update(1e-4, step, 0);
    }

    private static Map<String, Double> profile(TorchTrainer trainer, Map<String, HostTensor> feeds, int step) {
        StepTimes times = trainer.measureTimes();
        step(trainer, feeds, step);
        Map<String, Double> milliseconds = new HashMap<>();
        times.seconds().forEach((what, seconds) -> milliseconds.put(what, seconds * 1e3));
        return milliseconds;
    }
}
