package io.github.hiera4j.torch;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.NativeHold;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.backend.SessionThreads;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.cuda.Cuda;
import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A graph and its weights in libtorch's memory. Runs share only the weights, so they may overlap.
 *
 * <p>Runs execute on the session's own threads, of which there are processors ÷ threads, so that the number of threads
 * of a run does not affect callers and other sessions. For a GPU there are two ({@link GpuLanes}).
 */
final class TorchSession implements Session {
    private final Graph graph;
    private final CompileOptions options;
    private final ScalarType type;
    private final Map<List<String>, Graph> selections = new ConcurrentHashMap<>();
    private final SessionWeights weights;
    private final SessionThreads runners;
    private final @Nullable GpuLanes gpu; // null on a CPU
    private final RunGuard guard = RunGuard.ofModel();
    private final NativeHold hold;

    TorchSession(Graph graph, WeightSource source, CompileOptions options) {
        this.graph = graph;
        this.options = options;
        this.type = NativeTensors.scalarType(options.dtype());
        Device device = NativeTensors.device(options.device());
        TorchThreads.requireSettable(options.threads());
        SessionWeights loaded = new SessionWeights(graph, source, device, type);
        int runs = SessionThreads.runsSideBySide(
                options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads());
        int threads = options.threads();
        SessionThreads own = new SessionThreads("torch", runs, () -> TorchThreads.set(threads));
        RunGuard users = guard;
        String name = options.device();
        ScalarType element = type;
        GpuLanes lanes = device.is_cpu() || !Cuda.hasBindings()
                ? null
                : new GpuLanes(() -> TorchThreads.set(threads), () -> new GpuRuns(loaded, name, element));
        this.weights = loaded;
        this.runners = own;
        this.gpu = lanes;
        List<AutoCloseable> parts = lanes == null ? List.of(own, loaded) : List.of(own, lanes, loaded);
        this.hold = NativeHold.of(this, "a model on backend 'torch'", () -> users.close(() -> Closing.all(parts)));
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Map<String, HostTensor> run(Map<String, HostTensor> inputs, List<String> names) {
        try (RunGuard.Run run = guard.enter()) {
            Graph selected = selections.computeIfAbsent(List.copyOf(names), graph::select);
            Feeds.validate(selected, inputs);
            return gpu == null ? runners.run(() -> onCpu(selected, inputs)) : gpu.run(selected, inputs);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private Map<String, HostTensor> onCpu(Graph selected, Map<String, HostTensor> inputs) {
        try (PointerScope scope = new PointerScope()) {
            Device device = NativeTensors.device(options.device());
            return compute(selected, inputs, weights, device, type, inner -> new TorchKernels(inner, type, device));
        }
    }

    /**
     * Computes one operation after another.
     *
     * @param kernels creates the kernels, whose results the given scope owns
     */
    static Map<String, HostTensor> compute(
            Graph selected,
            Map<String, HostTensor> inputs,
            SessionWeights weights,
            Device device,
            ScalarType type,
            Function<TensorScope, TorchKernels> kernels) {
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Map<String, Tensor> feeds = new LinkedHashMap<>();
            selected.inputs().keySet().forEach(name -> {
                HostTensor host = Objects.requireNonNull(inputs.get(name));
                ScalarType element = InputTypes.of(selected, name, type);
                feeds.put(name, scope.own(Transfers.toDevice(host, device, element)));
            });
            return Transfers.toHost(selected.execute(kernels.apply(scope), weights::tensor, feeds));
        }
    }

    @Override
    public long nativeBytes() {
        return weights.bytes() + (gpu == null ? 0 : gpu.bytes());
    }

    /** Returns how many runs are recorded as CUDA graphs. */
    int recordings() {
        return gpu == null ? 0 : gpu.recordings();
    }

    @Override
    public void close() {
        hold.release();
    }
}
