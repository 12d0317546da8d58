package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.InputTypes;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.Transfers;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies host batches to the inputs of a graph. */
record Feeding(Graph graph, Device device, ScalarType type) {

    /** Copies the inputs that the graph reads; targets keep their precision because losses are float32. */
    static Map<String, Tensor> feeds(
            TensorScope scope, Graph graph, Map<String, HostTensor> inputs, Device device, ScalarType type) {
        return new Feeding(graph, device, type).feeds(scope, inputs, LaterInputs.NONE);
    }

    /** Returns the inputs that are fed at the beginning. */
    Map<String, Tensor> feeds(TensorScope scope, Map<String, HostTensor> inputs, LaterInputs later) {
        Set<String> names = new LinkedHashSet<>(graph.inputs().keySet());
        if (!later.reads().isEmpty()) {
            names.retainAll(inputs.keySet());
        }
        return copies(scope, names, inputs);
    }

    /** Returns the inputs that are computed from outputs. */
    Map<String, Tensor> later(
            TensorScope scope, Map<String, HostTensor> inputs, LaterInputs later, Function<String, Tensor> outputs) {
        Map<String, HostTensor> computed = new LinkedHashMap<>();
        later.reads().forEach(name -> computed.put(name, Transfers.toHost(outputs.apply(name))));
        Set<String> names = new LinkedHashSet<>(graph.inputs().keySet());
        names.removeAll(inputs.keySet());
        return copies(scope, names, later.feeds(computed));
    }

    private Map<String, Tensor> copies(TensorScope scope, Set<String> names, Map<String, HostTensor> inputs) {
        Feeds.validate(graph, names, inputs, true);
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        for (String name : names) {
            boolean isTarget = name.equals(Hiera.TARGETS) && type.intern() != ScalarType.Double;
            ScalarType wanted = InputTypes.of(graph, name, isTarget ? ScalarType.Float : type);
            HostTensor host = Objects.requireNonNull(inputs.get(name));
            feeds.put(name, scope.own(Transfers.toDevice(host, device, wanted)));
        }
        return feeds;
    }
}
