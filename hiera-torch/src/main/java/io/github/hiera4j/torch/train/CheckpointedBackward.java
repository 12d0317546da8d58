package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Forward and backward that keep only what passes from block to block and run each block again when its gradient is due
 * (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016).
 *
 * <p>Blocks with drop path draw the same numbers again: the generator's state in front of each block is kept.
 */
final class CheckpointedBackward {
    private final Graph graph;
    private final List<GraphSegment> segments;
    private final Device device;
    private final ScalarType type;

    CheckpointedBackward(Graph graph, ScalarType type, Device device) {
        this.graph = graph;
        this.segments = GraphSegment.of(graph);
        this.device = device;
        this.type = type;
    }

    /**
     * Adds the gradient of the output {@code loss} times {@code scale} to the parameters' gradients.
     *
     * @param given the tensor of a parameter or input
     * @return the graph's outputs, which belong to the scope
     */
    Map<String, Tensor> run(TensorScope scope, Function<Node, Tensor> given, String loss, double scale) {
        Map<Node, Tensor> values = new HashMap<>();
        List<Tensor> generators = new ArrayList<>();
        try (NoGradGuard quiet = new NoGradGuard()) {
            for (GraphSegment segment : segments) {
                generators.add(torch.getDefaultCPUGenerator().get_state());
                values.putAll(forward(scope, segment, given, values));
            }
        }
        Map<Node, Tensor> gradients = new HashMap<>();
        Tensor lossValue = Objects.requireNonNull(values.get(graph.output(loss)));
        gradients.put(graph.output(loss), scope.own(torch.full_like(lossValue, new Scalar(scale))));
        for (int i = segments.size() - 1; i >= 0; i--) {
            torch.getDefaultCPUGenerator().set_state(generators.get(i));
            backward(scope, segments.get(i), given, values, gradients);
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, node) -> outputs.put(name, Objects.requireNonNull(values.get(node))));
        return outputs;
    }

    private Map<Node, Tensor> forward(
            TensorScope scope, GraphSegment segment, Function<Node, Tensor> given, Map<Node, Tensor> values) {
        try (TensorScope inner = new TensorScope()) {
            Kernels<Tensor> kernels = new TorchKernels(inner, type, device);
            Map<Node, Tensor> made = segment.run(kernels, given, values);
            made.replaceAll((node, tensor) -> scope.adopt(inner, tensor));
            return made;
        }
    }

    private void backward(
            TensorScope scope,
            GraphSegment segment,
            Function<Node, Tensor> given,
            Map<Node, Tensor> values,
            Map<Node, Tensor> gradients) {
        try (TensorScope inner = new TensorScope()) {
            Map<Node, Tensor> boundary = new HashMap<>();
            segment.reads()
                    .forEach(node -> boundary.put(
                            node,
                            Objects.requireNonNull(values.get(node)).detach().set_requires_grad(true)));
            Kernels<Tensor> kernels = new TorchKernels(inner, type, device);
            TensorVector roots = new TensorVector();
            TensorVector rootGradients = new TensorVector();
            segment.run(kernels, given, boundary).forEach((node, tensor) -> {
                Tensor gradient = gradients.remove(node);
                if (gradient != null && tensor.requires_grad()) {
                    roots.push_back(tensor);
                    rootGradients.push_back(gradient);
                }
            });
            if (roots.empty()) {
                return;
            }
            torch.backward(roots, rootGradients, new BoolOptional(), false, new TensorVector());
            boundary.forEach((node, leaf) -> {
                if (leaf.grad().defined()) {
                    Tensor gradient =
                            new Tensor(leaf.grad()); // grad() points into the leaf, which ends with this scope
                    gradients.merge(node, scope.adopt(inner, gradient), (a, b) -> scope.adopt(inner, a.add(b)));
                }
            });
        }
    }
}
