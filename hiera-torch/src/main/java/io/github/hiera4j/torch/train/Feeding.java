package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Host batches on their way into a graph. */
final class Feeding {
    private Feeding() {}

    /** Copies what the graph reads; indices stay integers, and targets keep their precision, for losses are float32. */
    static Map<String, Tensor> feeds(
            TensorScope scope, Graph graph, Map<String, HostTensor> inputs, Device device, ScalarType type) {
        Feeds.validate(graph, inputs);
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        graph.inputs().forEach((name, node) -> {
            boolean isIndex = ((Op.Input) node.op()).dtype() == DType.INT64;
            boolean isTarget = name.equals(Hiera.TARGETS) && type.intern() != ScalarType.Double;
            ScalarType wanted = isIndex ? ScalarType.Long : isTarget ? ScalarType.Float : type;
            HostTensor host = Objects.requireNonNull(inputs.get(name));
            feeds.put(name, scope.own(NativeTensors.copyOf(host, device, wanted)));
        });
        return feeds;
    }
}
