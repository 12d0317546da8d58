package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.RandomSource;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import io.github.hiera4j.torch.tape.StepTimes;
import io.github.hiera4j.torch.tape.Tape;
import io.github.hiera4j.torch.tape.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Forward and backward passes that keep only the tensors passed between blocks and run each block again for its gradient
 * (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016).
 *
 * <p>Blocks with drop path draw the same numbers again: the state of the random source before each block is kept.
 */
final class CheckpointedBackward {
    private final Graph graph;
    private final List<GraphSegment> segments;
    private final Device device;
    private final ScalarType type;
    private final RandomSource random;

    CheckpointedBackward(Graph graph, ScalarType type, Device device, RandomSource random) {
        this.graph = graph;
        this.segments = GraphSegment.of(graph);
        this.device = device;
        this.type = type;
        this.random = random;
    }

    /**
     * Writes {@code scale} times the gradient of the loss to the gradient memory of the weights.
     *
     * @return the graph's outputs, which belong to the scope
     */
    Map<String, Tensor> run(
            TensorScope scope,
            ComputeWeights weights,
            Map<String, Tensor> early,
            Graph.LaterFeeds<Tensor> later,
            double scale) {
        Map<Node, Tensor> values = new HashMap<>();
        Map<String, Tensor> feeds = new HashMap<>(early);
        List<Tensor> generators = new ArrayList<>();
        Function<Node, Tensor> given =
                node -> node.op() instanceof Op.Parameter ? weights.value(node.name()) : fed(feeds, node);
        for (GraphSegment segment : segments) {
            if (segment.readsInputs(name -> !feeds.containsKey(name))) {
                feeds.putAll(later.feeds(name -> Objects.requireNonNull(values.get(graph.output(name)), name)));
            }
            generators.add(random.state());
            values.putAll(forward(scope, segment, given, values));
        }
        Map<Node, Tensor> gradients = new HashMap<>();
        Node loss = graph.output(TorchTrainer.LOSS);
        gradients.put(loss, torch.full_like(Objects.requireNonNull(values.get(loss)), new Scalar(scale)));
        Function<String, Variable> parameters = weights.variables(scope);
        Map<String, Variable> known = new HashMap<>(); // a parameter that is read twice has one gradient
        Function<Node, Variable> variables = node -> node.op() instanceof Op.Parameter
                ? known.computeIfAbsent(node.name(), parameters)
                : Variable.fed(scope, fed(feeds, node), false);
        for (int i = segments.size() - 1; i >= 0; i--) {
            random.restore(generators.get(i));
            backward(scope, segments.get(i), variables, values, gradients);
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, node) -> outputs.put(name, Objects.requireNonNull(values.get(node))));
        return outputs;
    }

    private static Tensor fed(Map<String, Tensor> feeds, Node node) {
        return Objects.requireNonNull(feeds.get(node.name()), node.name());
    }

    private Map<Node, Tensor> forward(
            TensorScope scope, GraphSegment segment, Function<Node, Tensor> given, Map<Node, Tensor> values) {
        try (TensorScope inner = new TensorScope()) {
            Map<Node, Tensor> made = segment.run(new TorchKernels(inner, type, device, random), given, values);
            made.replaceAll((node, tensor) -> scope.adopt(inner, tensor));
            return made;
        }
    }

    /** Runs a segment again and replaces the gradients of its results with those of its inputs. */
    private void backward(
            TensorScope scope,
            GraphSegment segment,
            Function<Node, Variable> given,
            Map<Node, Tensor> values,
            Map<Node, Tensor> gradients) {
        try (TensorScope inner = new TensorScope()) {
            Map<Node, Variable> boundary = new HashMap<>();
            segment.reads()
                    .forEach(node ->
                            boundary.put(node, Variable.fed(inner, Objects.requireNonNull(values.get(node)), true)));
            Tape tape = new Tape(inner, new TorchKernels(inner, type, device, random), StepTimes.NONE);
            segment.run(tape, given, boundary).forEach((node, variable) -> {
                Tensor gradient = gradients.remove(node);
                if (gradient != null) {
                    variable.accumulate(Tape.alias(gradient));
                    scope.release(gradient);
                }
            });
            tape.backward();
            boundary.forEach((node, variable) -> {
                Tensor gradient = variable.gradient();
                if (gradient != null) {
                    gradients.merge(node, scope.adopt(inner, gradient), (a, b) -> scope.adopt(a.add(b)));
                }
            });
        }
    }
}
