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
import io.github.hiera4j.torch.TorchThreads;
import io.github.hiera4j.torch.Transfers;
import io.github.hiera4j.torch.distributed.DataParallel;
import io.github.hiera4j.torch.tape.StepTimes;
import java.io.IOException;
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
 * Trains a graph. It holds the float32 parameters, their gradient and the optimiser's state, each as one flat native vector.
 *
 * <p>In bfloat16 the graph runs on copies of the parameters that are refreshed after each update; the gradient is summed up and
 * applied in float32. Every random number of a step follows from the seed given to the step, so no random state needs to be saved.
 * A trainer has its own random source and sets the number of threads for its own steps only: several can train in one process
 * without affecting each other. One thread at a time uses a trainer; any thread may call {@link #close}, which waits for a step in
 * progress.
 */
public final class TorchTrainer implements AutoCloseable {

    /**
     * The settings of a trainer.
     *
     * @param compute element type of the activations: float32, bfloat16 or float64 (for checks; parameters stay float32)
     * @param device {@code cpu}, {@code cuda}, {@code cuda:1}
     * @param threads libtorch's threads in a step, 0 to {@link CompileOptions#MOST_THREADS}; 0 leaves the number unchanged
     * @param gradientCheckpointing whether each block is run twice to save memory
     * @param averaging whether a running average of the parameters is kept
     */
    public record Options(DType compute, String device, int threads, boolean gradientCheckpointing, boolean averaging) {
        /** float32 on the CPU, without gradient checkpointing or averaging. */
        public static final Options DEFAULT = new Options(DType.FLOAT32, "cpu", 0, false, false);

        /**
         * Checks the values.
         *
         * @param compute element type of the activations: float32, bfloat16 or float64 (for checks; parameters stay float32)
         * @param device {@code cpu}, {@code cuda}, {@code cuda:1}
         * @param threads libtorch's threads in a step, 0 to {@link CompileOptions#MOST_THREADS}; 0 leaves the number unchanged
         * @param gradientCheckpointing whether each block is run twice to save memory
         * @param averaging whether a running average of the parameters is kept
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public Options {
            CompileOptions.checkThreads(threads);
        }

        /**
         * {@return these options with the device and the threads of a session}
         *
         * @param session the session's options
         */
        public Options on(CompileOptions session) {
            return new Options(compute, session.device(), session.threads(), gradientCheckpointing, averaging);
        }
    }

    /** The name of the output that is minimised. */
    static final String LOSS = "loss";

    private final Graph graph;
    private final Options options;
    private final Device device;
    private final ScalarType type;
    private final TrainingVectors vectors;
    private final WholeBackward whole;
    private final @Nullable CheckpointedBackward checkpointed;
    private final RandomSource random;
    private final GradientSum exchange;
    private final RunGuard guard = new RunGuard("the trainer is closed: make a new one");
    private final NativeHold hold;
    private boolean gradientIsFresh = true;
    private StepTimes times = StepTimes.NONE;

    /**
     * Starts a training: copies the parameters and reserves the memory of a step.
     *
     * @param graph a training graph; its output {@code loss} is minimised
     * @param groups the parameters, in groups with a learning-rate factor and a weight decay
     * @param settings the optimiser
     * @param initial the initial parameters
     * @param options precision, device and threads
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
     * Creates one of several trainers that train together, each in its own process, on parts of the same batches. Only the gradient
     * is exchanged: all start with the same parameters and update them in the same way.
     *
     * @param parallel the processes, and how they exchange gradients
     * @param graph a training graph; its output {@code loss} is minimised
     * @param groups parameters with their learning-rate factor and weight decay
     * @param initial the initial values of the parameters
     * @param options element type, device and threads
     * @param settings the settings of the optimiser
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
        random = new RandomSource(0);
        random.share(parallel.processes().share());
        whole = new WholeBackward(graph, type, device, random);
        try {
            FlatLayout layout = FlatLayout.of(graph.parameters(), groups);
            checkpointed =
                    options.gradientCheckpointing() ? new CheckpointedBackward(graph, type, device, random) : null;
            vectors = new TrainingVectors(layout, settings, initial, options.averaging(), type, device, parallel);
            exchange = new GradientSum(layout, vectors.gradient(), vectors.compute(), parallel);
        } catch (RuntimeException | Error failure) {
            random.close();
            throw failure;
        }
        RandomSource numbers = random;
        TrainingVectors held = vectors;
        RunGuard users = guard;
        hold = NativeHold.of(
                this,
                "a trainer",
                () -> users.close(() -> {
                    try {
                        held.close();
                    } finally {
                        numbers.close();
                    }
                }));
    }

    /**
     * Runs the graph forward and backward and adds {@code scale} times the loss's gradient to the gradient. If this fails, the gradient of the
     * whole step is discarded.
     *
     * @param inputs the inputs of the graph, by name
     * @param scale 1 / number of batches that make one step
     * @param seed determines drop path and dropout
     * @return the graph's outputs; the loss is not scaled
     */
    public StepOutputs backward(Map<String, HostTensor> inputs, double scale, long seed) {
        return backward(inputs, LaterInputs.NONE, scale, seed, true);
    }

    /**
     * Like {@link #backward(Map, double, long)}, with inputs that are computed from outputs of the same pass.
     *
     * @param inputs the inputs of the graph, by name
     * @param later supplies the inputs that are missing in {@code inputs}
     * @param scale 1 / number of batches that make one step
     * @param seed determines all random numbers
     * @return the outputs; the loss is not scaled
     */
    public StepOutputs backward(Map<String, HostTensor> inputs, LaterInputs later, double scale, long seed) {
        return backward(inputs, later, scale, seed, true);
    }

    /**
     * Like {@link #backward(Map, LaterInputs, double, long)}, for steps of several passes.
     *
     * @param inputs the inputs of the graph, by name
     * @param later supplies the inputs that are missing in {@code inputs}
     * @param scale 1 / number of batches that make one step
     * @param seed determines all random numbers
     * @param last whether this pass completes the gradient of a step, which is then exchanged with the other processes
     * @return the outputs; the loss is not scaled
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
            times.add("inputs");
            exchange.begin(gradientIsFresh, last, times);
            double part = scale / exchange.processes();
            Map<String, Tensor> outputs;
            gradientIsFresh = true; // if the pass fails, its step is abandoned
            try {
                outputs = pass(scope, feeds, given -> feeding.later(scope, inputs, later, given), part);
                exchange.finish();
            } finally {
                exchange.endWatching(); // before the scope frees the handles that are watched
            }
            gradientIsFresh = false;
            return new StepOutputs(Transfers.toHost(outputs));
        }
    }

    private Map<String, Tensor> pass(
            TensorScope scope, Map<String, Tensor> feeds, Graph.LaterFeeds<Tensor> later, double scale) {
        if (checkpointed == null) {
            return whole.run(scope, vectors.compute(), exchange.listener(), feeds, later, scale, times);
        }
        Map<String, Tensor> outputs = checkpointed.run(scope, vectors.compute(), feeds, later, scale);
        times.add("blocks twice forward, once backward");
        return outputs;
    }

    /**
     * Starts to measure the parts of each step; with gradient checkpointing a complete pass is one part.
     *
     * @return the times, which grow with every step
     */
    public StepTimes measureTimes() {
        StepTimes fresh = new StepTimes();
        measure(fresh);
        return fresh;
    }

    /**
     * Sets the receiver of the times of subsequent steps.
     *
     * @param receiver receives every activity; {@link StepTimes#NONE} stops measuring
     */
    public void measure(StepTimes receiver) {
        times = receiver;
    }

    /** {@return the current receiver of times, to which callers can add activities outside a step} */
    public StepTimes times() {
        return times;
    }

    /** {@return the Euclidean norm of the gradient so far} */
    public double gradientNorm() {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            double norm = torch.linalg_vector_norm(vectors.gradient().whole()).item_double();
            times.add("gradient norm");
            return norm;
        }
    }

    /**
     * Multiplies the gradient by a factor, for clipping.
     *
     * @param factor the factor of every element
     */
    public void scaleGradient(double factor) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            vectors.gradient().whole().mul_(new Scalar(factor));
        }
    }

    /**
     * Updates the parameters with the gradient, then discards the gradient.
     *
     * @param learningRate the base rate; groups multiply it by their factor
     * @param step the number of this update, from 1
     * @param averageDecay share of the running average that is kept; ignored without one
     */
    public void update(double learningRate, long step, double averageDecay) {
        check(!gradientIsFresh, "an update needs a gradient: call backward first");
        try (RunGuard.Run run = guard.enter();
                TorchThreads.Change threads = TorchThreads.change(options.threads())) {
            vectors.update(learningRate, step, averageDecay, times);
        }
        forgetGradient();
        times.add("optimizer");
    }

    /** Discards the gradient, for example that of an abandoned step. */
    public void forgetGradient() {
        gradientIsFresh = true;
    }

    /**
     * {@return the gradient of one parameter, float32}
     *
     * @param name the name
     */
    public HostTensor gradient(String name) {
        return vectors.gradient().read(name);
    }

    /** {@return the current parameters, read on demand under their official names} */
    public WeightSource weights() {
        return vectors.weights();
    }

    /** {@return the running average of the parameters; the parameters themselves without one} */
    public WeightSource averagedWeights() {
        return vectors.averagedWeights();
    }

    /**
     * {@return the parameters frozen for evaluation; close it}
     *
     * @param averaged true: the running average if there is one; false: the parameters
     */
    public FrozenWeights freeze(boolean averaged) {
        try (RunGuard.Run run = guard.enter()) {
            return vectors.freeze(averaged, type, device, options.threads());
        }
    }

    /**
     * Returns everything that a step changes: {@code model.NAME}, {@code optimizer.mean.NAME}, {@code average.NAME}, … If processes divide
     * the optimiser state, all of them must call this together; the first one then holds the whole state until it is closed.
     *
     * @return the tensors, read on demand; close it. If the optimiser state is divided, it is missing in all processes except the first
     */
    public WeightSource state() {
        return vectors.state();
    }

    /**
     * Restores a state from {@link #state}; throws if a tensor is missing or has another shape. If processes divide the
     * optimiser state, the first one calls this, and then all of them call {@link #takeStateFromFirst}.
     *
     * @param state the tensors of {@link #state}
     */
    public void restore(WeightSource state) {
        vectors.restore(state);
        forgetGradient();
    }

    /**
     * Returns the name of a tensor of {@link #state} that contains NaN or infinity.
     *
     * @return empty if all values are finite
     */
    public Optional<String> findNotFinite() {
        return vectors.findNotFinite();
    }

    /** Copies the state of the trainer of rank 0; does nothing if there is only one process. */
    public void takeStateFromFirst() {
        if (!exchange.isAlone()) {
            vectors.takeFromFirst(exchange::takeFromFirst);
            forgetGradient();
        }
    }

    /**
     * {@return a checksum (CRC-32C) of the tensors of {@link #state} that are equal in all processes that train together}
     */
    public long checksum() {
        CRC32C checksum = new CRC32C();
        vectors.forEachShared(vector -> vector.addTo(checksum));
        return checksum.getValue();
    }

    /** {@return the names of the parameters, in the order of their groups} */
    public Set<String> parameterNames() {
        return vectors.layout().slots().keySet();
    }

    /** {@return the bytes of the optimiser state in this process, without parameters and gradients} */
    public long optimizerBytes() {
        return vectors.optimizerBytes();
    }

    /** {@return the number of elements of all parameters} */
    public long parameterCount() {
        return vectors.layout().elements();
    }

    /** {@return the version of libtorch and of its bindings, {@code 2.10.0-1.5.13}; {@code unknown} if the class path does not contain it} */
    public static String libraryVersion() {
        try {
            return Objects.requireNonNullElse(Loader.getVersion("org.bytedeco", "pytorch"), "unknown");
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    /** {@return precision, device and threads} */
    public Options options() {
        return options;
    }

    @Override
    public void close() {
        hold.release();
    }
}
