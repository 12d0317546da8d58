package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.stream.LongStream;

/** Losses as nodes, in float32 for every precision; sums over many elements in float64. */
final class LossNodes {
    private static final Shape ONE = Shape.of(1);

    private final NodeWriter nodes;

    LossNodes(NodeWriter nodes) {
        this.nodes = nodes;
    }

    Tensor meanSquaredError(Tensor prediction, Tensor target) {
        Tensor difference = binary("difference", "Sub", wide(prediction), wide(target));
        Tensor squares = binary("squares", "Mul", difference, difference);
        return reduced("mean", "ReduceMean", squares);
    }

    Tensor smoothL1(Op.SmoothL1 op, Tensor prediction, Tensor target, Tensor weight) {
        Tensor distance = unary("distance", "Abs", binary("difference", "Sub", wide(prediction), wide(target)));
        if (op.beta() == 0) {
            return weightedSum(distance, weight);
        }
        Tensor beta = nodes.scalar(op.beta(), DType.FLOAT32);
        Tensor near = binary("near", "Min", distance, beta); // the quadratic part of the distance
        Tensor squares = binary("squares", "Mul", near, near);
        Tensor quadratic = binary("quadratic", "Mul", squares, nodes.scalar(0.5 / op.beta(), DType.FLOAT32));
        Tensor rest = binary("rest", "Sub", distance, near);
        return weightedSum(binary("loss", "Add", quadratic, rest), weight);
    }

    /** {@code max(x, 0) - x · target + log(1 + exp(-|x|))}. */
    Tensor binaryCrossEntropy(Tensor logits, Tensor target, Tensor weight) {
        Tensor x = wide(logits);
        Tensor magnitude = unary("negative", "Neg", unary("magnitude", "Abs", x));
        Tensor tail = unary("tail", "Softplus", magnitude);
        Tensor positive = unary("positive", "Relu", x);
        Tensor matched = binary("matched", "Mul", x, wide(target));
        Tensor loss = binary("loss", "Add", binary("unmatched", "Sub", positive, matched), tail);
        return weightedSum(loss, weight);
    }

    Tensor crossEntropy(Tensor logits, Tensor target) {
        Tensor x = wide(logits);
        Tensor logs = nodes.part("log_softmax", "LogSoftmax", x.shape(), List.of(x), attribute("axis", -1));
        Tensor products = binary("weighted", "Mul", logs, wide(target));
        long[] axes = LongStream.range(1, x.shape().rank()).toArray();
        Tensor sums = nodes.part(
                "sums",
                "ReduceSum",
                Shape.of(x.shape().size(0)),
                List.of(products, nodes.integers("axes", axes)),
                attribute("keepdims", 0));
        Tensor mean = nodes.part("mean", "ReduceMean", ONE, List.of(sums), attribute("keepdims", 1));
        return nodes.last("Neg", ONE, List.of(mean));
    }

    private Tensor weightedSum(Tensor loss, Tensor weight) {
        Tensor weighted = binary("weighted", "Mul", loss, wide(weight));
        return reduced("sum", "ReduceSum", weighted);
    }

    /** Sums all elements in float64, because a runtime may add a million of them one after the other. */
    private Tensor reduced(String label, String type, Tensor x) {
        Tensor exact = nodes.cast("float64", x, DType.FLOAT64);
        Tensor one = nodes.part(label, type, Shape.of(), List.of(exact), attribute("keepdims", 0));
        Tensor rounded = nodes.cast("rounded", one, DType.FLOAT32);
        return nodes.last("Reshape", ONE, List.of(rounded, nodes.target(ONE)));
    }

    private Tensor wide(Tensor x) {
        return nodes.cast("float32", x, DType.FLOAT32);
    }

    private Tensor unary(String label, String type, Tensor x) {
        return nodes.part(label, type, x.shape(), List.of(x));
    }

    private Tensor binary(String label, String type, Tensor left, Tensor right) {
        return nodes.part(label, type, left.shape(), List.of(left, right));
    }
}
