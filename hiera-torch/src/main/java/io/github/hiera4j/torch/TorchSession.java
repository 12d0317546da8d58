package io.github.hiera4j.torch;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A graph and its weights in libtorch's memory. Runs share the weights and nothing else, so they may overlap. */
final class TorchSession implements Session {
    private final Graph graph;
    private final CompileOptions options;
    private final ScalarType type;
    private final Map<List<String>, Graph> selections = new ConcurrentHashMap<>();
    private final Map<String, TensorScope.Escaped> weights = new LinkedHashMap<>();

    TorchSession(Graph graph, WeightSource source, CompileOptions options) {
        this.graph = graph;
        this.options = options;
        this.type = NativeTensors.scalarType(options.dtype());
        try {
            graph.parameters().forEach((name, shape) -> weights.put(name, load(source.read(name, shape))));
        } catch (RuntimeException | Error failure) {
            close(); // what was loaded so far must not leak
            throw failure;
        }
    }

    /** One tensor at a time: the source's memory is let go before the next is read. */
    private TensorScope.Escaped load(HostTensor host) {
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            return scope.escape(NativeTensors.copyOf(host, NativeTensors.device(options.device()), type));
        }
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Map<String, HostTensor> run(Map<String, HostTensor> inputs, List<String> names) {
        Graph selected = selections.computeIfAbsent(List.copyOf(names), graph::select);
        Feeds.validate(selected, inputs);
        try (TensorScope scope = new TensorScope();
                ThreadCount threads = ThreadCount.set(options.threads());
                InferenceMode quiet = new InferenceMode()) {
            Device device = NativeTensors.device(options.device());
            Map<String, Tensor> feeds = new LinkedHashMap<>();
            selected.inputs().forEach((name, node) -> {
                boolean isIndex = ((Op.Input) node.op()).dtype() == DType.INT64;
                HostTensor host = Objects.requireNonNull(inputs.get(name));
                feeds.put(name, scope.own(NativeTensors.copyOf(host, device, isIndex ? ScalarType.Long : type)));
            });
            Map<String, Tensor> outputs = selected.execute(new TorchKernels(scope, type, device), this::weight, feeds);
            Map<String, HostTensor> results = new LinkedHashMap<>();
            outputs.forEach((name, tensor) -> results.put(name, NativeTensors.toHost(tensor)));
            return results;
        }
    }

    private Tensor weight(String name) {
        return Objects.requireNonNull(weights.get(name)).tensor();
    }

    @Override
    public long nativeBytes() {
        return weights.values().stream().mapToLong(TensorScope.Escaped::bytes).sum();
    }

    @Override
    public void close() {
        weights.values().forEach(TensorScope.Escaped::close);
        weights.clear();
    }

    /** libtorch's thread count, which is the process's, changed for one run. */
    private record ThreadCount(int before) implements AutoCloseable {
        static ThreadCount set(int threads) {
            int before = torch.get_num_threads();
            if (threads > 0 && threads != before) {
                torch.set_num_threads(threads);
            }
            return new ThreadCount(before);
        }

        @Override
        public void close() {
            if (torch.get_num_threads() != before) {
                torch.set_num_threads(before);
            }
        }
    }
}
