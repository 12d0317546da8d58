package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A graph's parameters in libtorch's memory. */
public final class SessionWeights implements AutoCloseable {
    private final Map<String, TensorScope.Escaped> tensors = new LinkedHashMap<>();
    private volatile long bytes;

    /**
     * Reads all parameters, each directly into its final memory if the element type is the stored one.
     *
     * @param graph the network
     * @param source where tensors are read from
     * @param device the device of the tensors
     * @param type the element type in libtorch
     */
    public SessionWeights(Graph graph, WeightSource source, Device device, ScalarType type) {
        try {
            graph.parameters().forEach((name, shape) -> tensors.put(name, load(source, name, shape, device, type)));
        } catch (RuntimeException | Error failure) {
            close(); // the tensors loaded so far must not leak
            throw failure;
        }
        bytes = tensors.values().stream().mapToLong(TensorScope.Escaped::bytes).sum();
    }

    private static TensorScope.Escaped load(
            WeightSource source, String name, Shape shape, Device device, ScalarType type) {
        TensorInfo info = source.require(name, shape);
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Tensor tensor =
                    NativeTensors.filled(info.dtype(), shape, device, type, target -> source.readInto(name, target));
            return scope.escape(tensor);
        }
    }

    /**
     * {@return a parameter by its official name}
     *
     * @param name the name
     */
    public Tensor tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name).tensor();
    }

    /**
     * Returns the bytes of all tensors; 0 once they are closed.
     *
     * @return their number
     */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        bytes = 0;
        tensors.values().forEach(TensorScope.Escaped::close);
        tensors.clear();
    }
}
