package io.github.hiera4j.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onnx.file.ElementTypes;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes nodes that precede a network. They are identified only by name, because sizes of pictures are not known in advance. */
final class InputNodes {
    private final NodeWriter nodes;
    private final UnaryOperator<String> descriptions;
    private String scope = "";

    InputNodes(NodeWriter nodes, UnaryOperator<String> descriptions) {
        this.nodes = nodes;
        this.descriptions = descriptions;
    }

    /** Sets the prefix of the names of the following nodes. */
    void scope(String name) {
        scope = name + "/";
    }

    /**
     * Declares an input.
     *
     * @param axes for each axis its size, or the name of a size that is only known at run time
     */
    String input(String name, DType dtype, List<String> axes) {
        String unique = nodes.unique(name);
        nodes.graph().addInput(ValueInfos.of(unique, dtype, axes, descriptions.apply(name)));
        return unique;
    }

    /** Appends a node with one result. */
    String node(String label, String type, List<String> inputs, AttributeProto... attributes) {
        String name = nodes.unique(scope + label);
        nodes.emit(type, name, inputs, attributes);
        return name;
    }

    String cast(String label, String x, DType dtype) {
        return node(label, "Cast", List.of(x), Attributes.attribute("to", ElementTypes.code(dtype)));
    }

    /** A vector of integers. */
    String integers(String kind, long... values) {
        return nodes.read(nodes.integers(kind, values));
    }

    /** A number without axes. */
    String scalar(double value, DType dtype) {
        return nodes.read(nodes.scalar(value, dtype));
    }

    /** A constant of the stage. */
    String constant(String label, HostTensor value) {
        return nodes.read(new Tensor(nodes.unique(scope + label), value.dtype(), value.shape(), () -> value));
    }

    /** int64 values of a shape. */
    String constant(String label, Shape shape, long[] values) {
        return constant(label, HostTensor.of(shape, Arrays.copyOf(values, values.length)));
    }
}
