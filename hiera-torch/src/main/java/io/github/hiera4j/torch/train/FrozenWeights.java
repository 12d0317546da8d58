package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A copy of the parameters in the compute type, for evaluating between two steps. */
public final class FrozenWeights implements AutoCloseable {
    private final FlatVector values;
    private final ScalarType type;
    private final Device device;

    FrozenWeights(FlatLayout layout, FlatVector source, ScalarType type, Device device) {
        this.type = type;
        this.device = device;
        values = new FlatVector(layout, type, device);
        try {
            values.copyFrom(source);
        } catch (RuntimeException | Error failure) {
            values.close();
            throw failure;
        }
    }

    /** Runs a graph whose parameters are among these. */
    public StepOutputs run(Graph graph, Map<String, HostTensor> inputs) {
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Map<String, Tensor> feeds = Feeding.feeds(scope, graph, inputs, device, type);
            Map<String, Tensor> outputs = graph.execute(new TorchKernels(scope, type, device), values::view, feeds);
            Map<String, HostTensor> results = new LinkedHashMap<>();
            outputs.forEach((name, tensor) -> results.put(name, NativeTensors.toHost(tensor)));
            return new StepOutputs(results);
        }
    }

    @Override
    public void close() {
        values.close();
    }
}
