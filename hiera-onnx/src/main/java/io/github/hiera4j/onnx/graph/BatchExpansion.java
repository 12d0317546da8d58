package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Repeats tensors of one sample over the batch, for operators that do not broadcast. */
final class BatchExpansion {
    private final NodeWriter nodes;
    private final Map<String, Tensor> batchSizes = new HashMap<>();

    BatchExpansion(NodeWriter nodes) {
        this.nodes = nodes;
    }

    /** Returns whether a tensor is a constant of zeros. */
    static boolean isZeros(Tensor tensor) {
        Supplier<HostTensor> constant = tensor.constant();
        return constant != null && Arrays.stream(constant.get().toDoubles()).allMatch(value -> value == 0);
    }

    /** Returns the inputs, with those of one sample repeated for each sample of the others. */
    List<Tensor> toOneBatch(List<Tensor> inputs) {
        Tensor first = inputs.stream()
                .filter(input -> input.shape().size(0) != 1)
                .findFirst()
                .orElse(inputs.get(0));
        List<Tensor> equal = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            boolean single = input.shape().size(0) == 1 && first.shape().size(0) != 1;
            equal.add(single ? expanded(input, first, "repeated_" + i) : input);
        }
        return equal;
    }

    private Tensor expanded(Tensor input, Tensor like, String label) {
        Shape shape = input.shape().withSize(0, like.shape().size(0));
        return nodes.part(label, "Expand", shape, List.of(input, sizes(shape, like, label)));
    }

    private Tensor sizes(Shape shape, Tensor like, String label) {
        if (!shape.isSymbolic()) {
            return nodes.target(shape);
        }
        Tensor batch = batchSizes.computeIfAbsent(
                like.name(),
                name -> nodes.part(
                        "batch",
                        "Shape",
                        io.github.hiera4j.model.tensor.DType.INT64,
                        Shape.of(1),
                        List.of(like),
                        attribute("start", 0),
                        attribute("end", 1)));
        long[] rest = Arrays.stream(shape.sizes()).skip(1).asLongStream().toArray();
        return nodes.part(
                label + "_shape",
                "Concat",
                Shape.of(shape.rank()),
                List.of(batch, nodes.integers("shape", rest)),
                attribute("axis", 0));
    }
}
