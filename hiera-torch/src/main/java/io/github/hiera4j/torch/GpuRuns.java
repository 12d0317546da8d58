package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.cuda.CudaGraph;
import io.github.hiera4j.torch.cuda.CudaStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one thread on a GPU, on a stream of their own.
 *
 * <p>A run starts hundreds of kernels, which takes longer than computing a small batch. The second run with inputs of the same shape
 * therefore records its kernels ({@link CudaGraph}), and all later ones launch the recording. Up to {@value #MOST_RECORDED} recordings
 * are kept, each with the memory of a run; the least recently used one is freed first. The system property
 * {@code hiera.torch.cudaGraphs=false} turns recording off.
 */
final class GpuRuns implements AutoCloseable {
    private static final int MOST_RECORDED = 8;
    private static final int MOST_FAILURES = 3; // then nothing is recorded any more
    private static final int MOST_SEEN = 1000; // shapes that are remembered as computed before
    private static final System.Logger LOG = System.getLogger(GpuRuns.class.getName());

    private final SessionWeights weights;
    private final Device device;
    private final ScalarType type;
    private final CudaStream stream;
    private final IdentityHashMap<Op.Constant, TensorScope.Escaped> constants = new IdentityHashMap<>();
    private final Map<Key, Recorded> recorded = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Key> seen = new HashSet<>();
    private volatile long bytes;
    private volatile int recordings;
    private int failures = "false".equals(System.getProperty("hiera.torch.cudaGraphs")) ? MOST_FAILURES : 0;

    /** What a recording depends on: the requested outputs and the shapes of the inputs. */
    private record Key(Graph graph, Map<String, Shape> shapes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && graph == key.graph && shapes.equals(key.shapes);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(graph) + shapes.hashCode();
        }
    }

    /** Recorded kernels with the memory that they read and write. */
    private record Recorded(
            CudaGraph kernels, Map<String, TensorScope.Escaped> inputs, Map<String, TensorScope.Escaped> outputs)
            implements AutoCloseable {
        @Override
        public void close() {
            List<AutoCloseable> all = new ArrayList<>(outputs.values());
            all.add(kernels); // after what was allocated while recording
            all.addAll(inputs.values());
            Closing.all(all);
        }

        long bytes() {
            return GpuRuns.bytes(inputs.values()) + GpuRuns.bytes(outputs.values());
        }
    }

    /** @param device {@code cuda} or {@code cuda:N} */
    GpuRuns(SessionWeights weights, String device, ScalarType type) {
        this.weights = weights;
        this.device = NativeTensors.device(device);
        this.device.retainReference(); // no scope of a run may free it
        this.type = type;
        this.stream = new CudaStream(this.device.has_index() ? this.device.index() : 0);
    }

    /** Computes the outputs of a graph; always called by the same thread. */
    Map<String, HostTensor> run(Graph graph, Map<String, HostTensor> inputs) {
        try (CudaStream.Use use = stream.enter()) {
            Map<String, Shape> shapes = new HashMap<>();
            graph.inputs()
                    .keySet()
                    .forEach(name -> shapes.put(
                            name, Objects.requireNonNull(inputs.get(name)).shape()));
            Key key = new Key(graph, shapes);
            Recorded recording = recorded.get(key);
            if (recording == null && failures < MOST_FAILURES && isRecordable(graph) && seen.contains(key)) {
                recording = record(key);
            }
            if (recording != null) {
                return replay(recording, inputs);
            }
            Map<String, HostTensor> results = TorchSession.compute(graph, inputs, weights, device, type, this::kernels);
            remember(key);
            return results;
        }
    }

    /** Only a complete run has created everything that libraries keep, which must not happen while recording. */
    private void remember(Key key) {
        if (seen.size() >= MOST_SEEN) {
            seen.clear();
        }
        seen.add(key);
    }

    /** Returns whether no operation waits for the GPU. */
    private static boolean isRecordable(Graph graph) {
        return graph.nodes().stream().noneMatch(node -> node.op() instanceof Op.RoiAlign);
    }

    private TorchKernels kernels(TensorScope scope) {
        return new TorchKernels(scope, type, device, this::constant);
    }

    /** Constants stay on the GPU, because a recording must not copy from host memory. */
    private Tensor constant(Op.Constant op) {
        TensorScope.Escaped kept = constants.get(op);
        if (kept == null) {
            try (TensorScope scope = new TensorScope()) {
                kept = scope.escape(NativeTensors.copyOf(op.value(), device, type));
            }
            constants.put(op, kept);
            countBytes();
        }
        return new Tensor(kept.tensor());
    }

    /** Returns null if the kernels cannot be recorded. */
    private @Nullable Recorded record(Key key) {
        Map<String, TensorScope.Escaped> inputs = new LinkedHashMap<>();
        Map<String, TensorScope.Escaped> outputs = new LinkedHashMap<>();
        Recorded recording;
        try {
            recording = new Recorded(record(key, inputs, outputs), inputs, outputs);
        } catch (RuntimeException | Error failure) {
            Closing.all(outputs.values());
            Closing.all(inputs.values());
            if (failure instanceof Error error) {
                throw error;
            }
            failures++;
            seen.remove(key); // the next run computes, and may free memory
            LOG.log(System.Logger.Level.WARNING, "a run is not recorded as a CUDA graph: {0}", failure.getMessage());
            return null;
        }
        recorded.put(key, recording);
        forgetEldest();
        countBytes();
        return recording;
    }

    private CudaGraph record(
            Key key, Map<String, TensorScope.Escaped> inputs, Map<String, TensorScope.Escaped> outputs) {
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            key.shapes().forEach((name, shape) -> {
                TensorOptions options = new TensorOptions(InputTypes.of(key.graph(), name, type));
                Tensor input =
                        torch.empty(NativeTensors.sizes(shape), options.device(new DeviceOptional(device)), null);
                inputs.put(name, scope.escape(input));
            });
            return CudaGraph.record(
                    stream,
                    () -> key.graph()
                            .execute(kernels(scope), weights::tensor, tensors(inputs))
                            .forEach((name, tensor) -> outputs.put(name, scope.escape(tensor))));
        }
    }

    private static Map<String, Tensor> tensors(Map<String, TensorScope.Escaped> kept) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        kept.forEach((name, handle) -> tensors.put(name, handle.tensor()));
        return tensors;
    }

    private void forgetEldest() {
        if (recorded.size() > MOST_RECORDED) {
            Key eldest = recorded.keySet().iterator().next();
            seen.remove(eldest);
            Objects.requireNonNull(recorded.remove(eldest)).close();
        }
    }

    private void countBytes() {
        recordings = recorded.size();
        bytes = recorded.values().stream().mapToLong(Recorded::bytes).sum() + bytes(constants.values());
    }

    private static long bytes(Collection<TensorScope.Escaped> kept) {
        return kept.stream().mapToLong(TensorScope.Escaped::bytes).sum();
    }

    /** Returns how many runs are recorded. */
    int recordings() {
        return recordings;
    }

    /** Returns the bytes that stay between runs, without those of intermediate results. */
    long bytes() {
        return bytes;
    }

    private Map<String, HostTensor> replay(Recorded recording, Map<String, HostTensor> inputs) {
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            recording
                    .inputs()
                    .forEach((name, input) ->
                            Transfers.toDevice(Objects.requireNonNull(inputs.get(name)), input.tensor()));
            recording.kernels().launch();
            return Transfers.toHost(tensors(recording.outputs()));
        }
    }

    /** Frees everything; called when no run is active. */
    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(recorded.values());
        all.addAll(constants.values());
        all.add(stream);
        recorded.clear();
        constants.clear();
        Closing.all(all);
        device.releaseReference();
    }
}
