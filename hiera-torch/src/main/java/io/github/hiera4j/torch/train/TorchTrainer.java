package io.github.hiera4j.torch.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.NativeHold;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.RandomSource;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import io.github.hiera4j.torch.TorchThreads;
import io.github.hiera4j.torch.distributed.DataParallel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A graph that learns: float32 parameters, their gradients and the optimiser's memory, each one flat native vector.
 *
 * <p>In bfloat16 the graph runs on copies of the parameters that are refreshed after each update; the gradient is summed up and
 * applied in float32. Every random number of a step follows from the seed that the step is given, so nothing about randomness
 * needs to be saved. A trainer has a random source of its own and sets the number of threads for its own steps only: several may
 * train in one process without disturbing each other. One trainer is used by one thread at a time; {@link #close} may be called by
 * any, and waits for a step that is under way.
 */
public final class TorchTrainer implements AutoCloseable {

    /**
     * How to run.
     *
     * @param compute element type of the activations: float32, bfloat16 or float64 (for checks; parameters stay float32)
     * @param device {@code cpu}, {@code cuda}, {@code cuda:1}
     * @param threads libtorch's threads in a step, 0 to {@link CompileOptions#MOST_THREADS}; 0 leaves them as they are
     * @param gradientCheckpointing run each block twice to keep less
     * @param averaging whether a running average of the parameters is kept
     */
    public record Options(DType compute, String device, int threads, boolean gradientCheckpointing, boolean averaging) {
        public static final Options DEFAULT = new Options(DType.FLOAT32, "cpu", 0, false, false);

        public Options {
            CompileOptions.checkThreads(threads);
        }
    }

    /** The output that goes down. */
    static final String LOSS = "loss";

    private final Graph graph;
    private final Options options;
    private final Device device;
    private final ScalarType type;
    private final FlatVector values;
    private final FlatVector gradient;
    private final ComputeWeights weights;
    private final Optimizer optimizer;
    private final @Nullable FlatVector average;
    private final @Nullable CheckpointedBackward checkpointed;
    private final FlatLayout layout;
    private final RandomSource random;
    private final GradientSum exchange;
    private final RunGuard guard = new RunGuard("the trainer is closed: make a new one");
    private final NativeHold hold;
    private boolean gradientIsFresh = true;
    private StepTimes times = StepTimes.NONE;

    /**
     * @param graph a training graph; its output {@code loss} is what goes down
     * @param initial the parameters to begin with
     */
    public TorchTrainer(
            Graph graph,
            List<ParameterGroup> groups,
            OptimizerSettings settings,
            WeightSource initial,
            Options options) {
        this(graph, groups, settings, initial, options, DataParallel.ALONE);
    }

    /**
     * One of several trainers that learn together, each in a process of its own, from parts of the same batches. Nothing but the
     * gradient is exchanged: all begin with the same parameters and change them in the same way.
     *
     * @param parallel the processes, and how they exchange gradients
     */
    public TorchTrainer(
            Graph graph,
            List<ParameterGroup> groups,
            OptimizerSettings settings,
            WeightSource initial,
            Options options,
            DataParallel parallel) {
        this.graph = graph;
        this.options = options;
        TorchThreads.requireSettable(options.threads());
        device = NativeTensors.device(options.device());
        type = NativeTensors.scalarType(options.compute());
        layout = FlatLayout.of(graph.parameters(), groups);
        random = new RandomSource(0);
        random.share(parallel.processes().share());
        checkpointed = options.gradientCheckpointing() ? new CheckpointedBackward(graph, type, device, random) : null;
        Deque<AutoCloseable> made = new ArrayDeque<>();
        made.push(random);
        try {
            values = made(made, new FlatVector(layout, ScalarType.Float, device));
            graph.parameters().keySet().forEach(name -> values.load(name, initial, name));
            weights = made(made, new ComputeWeights(layout, values, type, device));
            gradient = made(made, new FlatVector(layout, ScalarType.Float, device));
            exchange = new GradientSum(layout, gradient, weights, parallel);
            optimizer = made(made, new Optimizer(settings, layout, device));
            average = options.averaging() ? made(made, new FlatVector(layout, ScalarType.Float, device)) : null;
            if (average != null) {
                average.copyFrom(values);
            }
        } catch (RuntimeException | Error failure) {
            closeAll(made, failure);
            throw failure;
        }
        RunGuard users = guard;
        hold = NativeHold.of(
                this,
                "a trainer",
                () -> users.close(() -> {
                    IllegalStateException failure = new IllegalStateException("a trainer cannot be closed");
                    closeAll(made, failure);
                    if (failure.getSuppressed().length > 0) {
                        throw failure;
                    }
                }));
    }

    private static <T extends AutoCloseable> T made(Deque<AutoCloseable> all, T one) {
        all.push(one);
        return one;
    }

    /** A constructor that fails gives back the native memory that it took. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // none of these waits
    private static void closeAll(Deque<AutoCloseable> made, Throwable failure) {
        for (AutoCloseable one : made) {
            try {
                one.close();
            } catch (Exception second) {
                failure.addSuppressed(second);
            }
        }
    }

    /**
     * Runs the graph forward and backward and adds {@code scale} times the loss's gradient to the gradient.
     *
     * @param scale 1 / number of batches that make one step
     * @param seed decides every drop path and dropout
     * @return the graph's outputs; the loss is not scaled
     */
    public StepOutputs backward(Map<String, HostTensor> inputs, double scale, long seed) {
        return backward(inputs, LaterInputs.NONE, scale, seed, true);
    }

    /**
     * As {@link #backward(Map, double, long)}, where some inputs follow from what the same pass has computed.
     *
     * @param later gives the inputs that are missing in {@code inputs}
     */
    public StepOutputs backward(Map<String, HostTensor> inputs, LaterInputs later, double scale, long seed) {
        return backward(inputs, later, scale, seed, true);
    }

    /**
     * As {@link #backward(Map, LaterInputs, double, long)}, for steps of several passes.
     *
     * @param last whether this pass completes the gradient of a step, which is then exchanged with the other processes
     */
    public StepOutputs backward(
            Map<String, HostTensor> inputs, LaterInputs later, double scale, long seed, boolean last) {
        try (RunGuard.Run run = guard.enter();
                TorchThreads.Change threads = TorchThreads.change(options.threads());
                TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            random.seed(seed);
            Feeding feeding = new Feeding(graph, device, type);
            Map<String, Tensor> feeds = feeding.feeds(scope, inputs, later);
            exchange.begin(gradientIsFresh, last);
            double part = scale / exchange.processes();
            Map<String, Tensor> outputs = checkpointed != null
                    ? checkpointed.run(scope, weights, feeds, given -> feeding.later(scope, inputs, later, given), part)
                    : backward(scope, feeds, given -> feeding.later(scope, inputs, later, given), part);
            exchange.finish(times);
            gradientIsFresh = false;
            Map<String, HostTensor> results = new LinkedHashMap<>();
            outputs.forEach((name, tensor) -> results.put(name, NativeTensors.toHost(tensor)));
            return new StepOutputs(results);
        }
    }

    private Map<String, Tensor> backward(
            TensorScope scope, Map<String, Tensor> feeds, Graph.LaterFeeds<Tensor> later, double scale) {
        Tape tape = new Tape(scope, new TorchKernels(scope, type, device, random), times);
        Map<String, Variable> fed = new LinkedHashMap<>();
        feeds.forEach((name, tensor) -> fed.put(name, Variable.fed(scope, tensor, false)));
        Graph.LaterFeeds<Variable> further = computed -> {
            Map<String, Variable> made = new LinkedHashMap<>();
            later.feeds(name -> computed.apply(name).value())
                    .forEach((name, tensor) -> made.put(name, Variable.fed(scope, tensor, false)));
            return made;
        };
        Map<String, Variable> outputs =
                graph.execute(tape, weights.variables(scope, exchange.listener()), fed, further, null);
        Variable loss = Objects.requireNonNull(outputs.get(LOSS));
        loss.accumulate(torch.full_like(loss.value(), new Scalar(scale)));
        tape.backward();
        Map<String, Tensor> values = new LinkedHashMap<>();
        outputs.forEach((name, variable) -> values.put(name, variable.value()));
        return values;
    }

    /** From now on measures where passes spend their time; not with gradient checkpointing. */
    public StepTimes measureTimes() {
        times = new StepTimes();
        return times;
    }

    /** The Euclidean norm of the gradient so far. */
    public double gradientNorm() {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            double norm = torch.linalg_vector_norm(gradient.whole()).item_double();
            times.add("gradient norm");
            return norm;
        }
    }

    /** Shrinks the gradient to a norm; for clipping. */
    public void scaleGradient(double factor) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            gradient.whole().mul_(new Scalar(factor));
        }
    }

    /**
     * Moves the parameters along the gradient and forgets the gradient.
     *
     * @param step the number of this update, from 1
     * @param averageDecay share of the running average that is kept; ignored without one
     */
    public void update(double learningRate, long step, double averageDecay) {
        check(!gradientIsFresh, "an update needs a gradient: call backward first");
        try (RunGuard.Run run = guard.enter();
                TorchThreads.Change threads = TorchThreads.change(options.threads())) {
            optimizer.update(values, gradient, learningRate, step);
            weights.refresh(values);
            if (average != null) {
                try (TensorScope scope = new TensorScope();
                        NoGradGuard quiet = new NoGradGuard()) {
                    average.whole().lerp_(values.whole(), new Scalar(1 - averageDecay));
                }
            }
        }
        forgetGradient();
        times.add("optimizer");
    }

    /** Drops what was summed up, as after a step that is given up. */
    public void forgetGradient() {
        gradientIsFresh = true;
    }

    /** The gradient of one parameter, float32. */
    public HostTensor gradient(String name) {
        return gradient.read(name);
    }

    /** The parameters as they are now, read on demand under their official names. */
    public WeightSource weights() {
        return new FlatSource("the parameters in training", layout, Map.of("", values));
    }

    /** The running average of the parameters; the parameters themselves without one. */
    public WeightSource averagedWeights() {
        return new FlatSource("the averaged parameters", layout, Map.of("", average == null ? values : average));
    }

    /** The parameters frozen for evaluation; close it. */
    public FrozenWeights freeze(boolean averaged) {
        FlatVector source = averaged && average != null ? average : values;
        try (RunGuard.Run run = guard.enter()) {
            return new FrozenWeights(layout, source, type, device);
        }
    }

    /** Everything that a step changes: {@code model.NAME}, {@code optimizer.mean.NAME}, {@code average.NAME}, … */
    public WeightSource state() {
        return new FlatSource("the training state", layout, stateVectors());
    }

    /** Goes back to a state that {@link #state} gave; throws if anything is missing or of another shape. */
    public void restore(WeightSource state) {
        stateVectors()
                .forEach((prefix, vector) ->
                        layout.slots().keySet().forEach(name -> vector.load(name, state, prefix + name)));
        weights.refresh(values);
        forgetGradient();
    }

    /**
     * The name of a tensor of {@link #state} that holds a NaN or an infinity.
     *
     * @return empty if all values are finite
     */
    public Optional<String> findNotFinite() {
        for (Map.Entry<String, FlatVector> entry : stateVectors().entrySet()) {
            FlatVector vector = entry.getValue();
            if (!vector.isFinite()) {
                return layout.slots().keySet().stream()
                        .filter(name -> !vector.isFinite(name))
                        .map(name -> entry.getKey() + name)
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    /** Takes over the state of the trainer of rank 0; nothing where there is one process. */
    public void takeStateFromFirst() {
        if (!exchange.isAlone()) {
            stateVectors().values().forEach(vector -> exchange.takeFromFirst(vector));
            weights.refresh(values);
            forgetGradient();
        }
    }

    /** A checksum (CRC-32C) of everything in {@link #state}: the same in all processes that train together. */
    public long checksum() {
        CRC32C checksum = new CRC32C();
        stateVectors().values().forEach(vector -> vector.addTo(checksum));
        return checksum.getValue();
    }

    private Map<String, FlatVector> stateVectors() {
        Map<String, FlatVector> vectors = new LinkedHashMap<>();
        vectors.put("model.", values);
        optimizer.memory().forEach((name, vector) -> vectors.put("optimizer." + name + ".", vector));
        if (average != null) {
            vectors.put("average.", average);
        }
        return vectors;
    }

    /** Names of the parameters, in the order of their groups. */
    public Set<String> parameterNames() {
        return layout.slots().keySet();
    }

    /** Elements of all parameters. */
    public long parameterCount() {
        return layout.elements();
    }

    /** Version of libtorch and of its binding, {@code 2.10.0-1.5.13}; {@code unknown} where the class path does not say. */
    public static String libraryVersion() {
        try {
            return Objects.requireNonNullElse(Loader.getVersion("org.bytedeco", "pytorch"), "unknown");
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    public Options options() {
        return options;
    }

    @Override
    public void close() {
        hold.release();
    }
}
