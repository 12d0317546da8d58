package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.torch.RandomSource;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import io.github.hiera4j.torch.tape.StepTimes;
import io.github.hiera4j.torch.tape.Tape;
import io.github.hiera4j.torch.tape.Variable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Forward and backward passes with one tape for the whole graph; {@link CheckpointedBackward} needs less memory but more time. */
final class WholeBackward {
    private final Graph graph;
    private final ScalarType type;
    private final Device device;
    private final RandomSource random;

    WholeBackward(Graph graph, ScalarType type, Device device, RandomSource random) {
        this.graph = graph;
        this.type = type;
        this.device = device;
        this.random = random;
    }

    /**
     * Adds {@code scale} times the gradient of the loss to the gradients of the weights.
     *
     * @param ready called with the name of each parameter whose gradient is complete; null if nothing waits for it
     * @param feeds the inputs that are known before the pass
     * @param later supplies the inputs that are computed from the pass itself
     * @return the graph's outputs, which belong to the scope
     */
    Map<String, Tensor> run(
            TensorScope scope,
            ComputeWeights weights,
            @Nullable Consumer<String> ready,
            Map<String, Tensor> feeds,
            Graph.LaterFeeds<Tensor> later,
            double scale,
            StepTimes times) {
        Tape tape = new Tape(scope, new TorchKernels(scope, type, device, random), times);
        Map<String, Variable> fed = fed(scope, feeds);
        Graph.LaterFeeds<Variable> further =
                computed -> fed(scope, later.feeds(name -> computed.apply(name).value()));
        Map<String, Variable> outputs = graph.execute(tape, weights.variables(scope, ready), fed, further, null);
        Variable loss = Objects.requireNonNull(outputs.get(TorchTrainer.LOSS));
        loss.accumulate(torch.full_like(loss.value(), new Scalar(scale)));
        tape.backward();
        Map<String, Tensor> values = new LinkedHashMap<>();
        outputs.forEach((name, variable) -> values.put(name, variable.value()));
        return values;
    }

    private static Map<String, Variable> fed(TensorScope scope, Map<String, Tensor> feeds) {
        Map<String, Variable> variables = new LinkedHashMap<>();
        feeds.forEach((name, tensor) -> variables.put(name, Variable.fed(scope, tensor, false)));
        return variables;
    }
}
