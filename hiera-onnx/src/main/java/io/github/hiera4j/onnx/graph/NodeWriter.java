package io.github.hiera4j.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onnx.file.ElementTypes;
import io.github.hiera4j.onnx.file.Initializer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Collects the nodes and initializers of one graph. Equal small constants, such as shapes and axes, share one initializer.
 *
 * <p>Names follow the network: the last node of an operation has the name of the operation, those before it
 * {@code operation/part}.
 */
final class NodeWriter {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<String, Initializer> initializers = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Tensor> origins = new HashMap<>();
    private final int opset;
    private final DType floating;
    private String operation = "";
    private String result = "";

    /**
     * Starts a graph.
     *
     * @param opset the version of the operators
     * @param floating element type of weights and of the computation
     */
    NodeWriter(int opset, DType floating) {
        this.opset = opset;
        this.floating = floating;
    }

    int opset() {
        return opset;
    }

    DType floating() {
        return floating;
    }

    /** Starts the operation of this name: the following nodes belong to it. */
    void begin(String name) {
        operation = name;
        result = "";
    }

    /** Like {@link #begin}, for an operation whose last node writes the output of this name, which is reserved. */
    void beginOutput(String name, String output) {
        operation = name;
        result = output;
    }

    /** Reserves a name and returns it, or a different one if it is taken. */
    String unique(String wanted) {
        String name = wanted;
        for (int copy = 2; !names.add(name); copy++) {
            name = wanted + "_" + copy;
        }
        return name;
    }

    /** Appends the last node of the operation, whose result has the element type of its first input. */
    Tensor last(String type, Shape shape, List<Tensor> inputs, AttributeProto... attributes) {
        DType dtype = inputs.get(0).dtype();
        if (!result.isEmpty()) {
            emit(type, result, inputs.stream().map(this::read).toList(), attributes);
            return new Tensor(result, dtype, shape);
        }
        Tensor made = append(operation, type, dtype, shape, inputs, attributes);
        graph.addValueInfo(ValueInfos.of(made.name(), dtype, ValueInfos.axes(shape), ""));
        return made;
    }

    /** Appends a node before the last one of the operation. */
    Tensor part(String label, String type, Shape shape, List<Tensor> inputs, AttributeProto... attributes) {
        return part(label, type, inputs.get(0).dtype(), shape, inputs, attributes);
    }

    /** Appends a node before the last one of the operation, with the given element type. */
    Tensor part(
            String label, String type, DType dtype, Shape shape, List<Tensor> inputs, AttributeProto... attributes) {
        return append(operation + "/" + label, type, dtype, shape, inputs, attributes);
    }

    /** Equal parts of one axis, in order. */
    List<Tensor> split(List<String> labels, Tensor x, int axis) {
        int size = x.shape().size(axis) / labels.size();
        long[] sizes = new long[labels.size()];
        Arrays.fill(sizes, size);
        List<Tensor> parts = labels.stream()
                .map(label -> new Tensor(
                        unique(operation + "/" + label), x.dtype(), x.shape().withSize(axis, size)))
                .toList();
        graph.addNode(NodeProto.newBuilder()
                .setName(unique(operation + "/split"))
                .setOpType("Split")
                .addInput(read(x))
                .addInput(read(integers("sizes", sizes)))
                .addAllOutput(parts.stream().map(Tensor::name).toList())
                .addAttribute(Attributes.attribute("axis", axis)));
        return parts;
    }

    /** Returns a tensor in another element type: the tensor itself, or the tensor that it was converted from, if one of them has this type. */
    Tensor cast(String label, Tensor x, DType dtype) {
        if (x.dtype() == dtype) {
            return x;
        }
        Tensor origin = origins.get(x.name());
        if (origin != null && origin.dtype() == dtype) {
            return origin;
        }
        Tensor made =
                part(label, "Cast", dtype, x.shape(), List.of(x), Attributes.attribute("to", ElementTypes.code(dtype)));
        origins.put(made.name(), x);
        return made;
    }

    /** Returns a float32 tensor with exactly this name, which is reserved. */
    void castTo(String name, Tensor x) {
        emit("Cast", name, List.of(read(x)), Attributes.attribute("to", ElementTypes.code(DType.FLOAT32)));
    }

    private Tensor append(
            String wanted, String type, DType dtype, Shape shape, List<Tensor> inputs, AttributeProto... attributes) {
        String name = unique(wanted);
        emit(type, name, inputs.stream().map(this::read).toList(), attributes);
        return new Tensor(name, dtype, shape);
    }

    /** Appends a node with the given names. */
    void emit(String type, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setName(output)
                .setOpType(type)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes)));
    }

    /** Returns the name by which a node reads a tensor; a constant becomes an initializer. */
    String read(Tensor tensor) {
        Supplier<HostTensor> constant = tensor.constant();
        if (constant != null) {
            initializers.computeIfAbsent(tensor.name(), name -> {
                names.add(name);
                return new Initializer(
                        name, tensor.dtype(), tensor.shape(), () -> Elements.of(constant.get(), tensor.dtype()));
            });
        }
        return tensor.name();
    }

    /** A vector of integers: a shape, axes, a range. */
    Tensor integers(String kind, long... values) {
        String text = Arrays.stream(values).mapToObj(Long::toString).collect(Collectors.joining("_"));
        String name =
                text.length() <= 60 ? kind + "_" + text : kind + "_" + Integer.toHexString(Arrays.hashCode(values));
        return new Tensor(
                name, DType.INT64, Shape.of(values.length), () -> HostTensor.of(Shape.of(values.length), values));
    }

    /** A number in the element type of the tensor with which it is combined. */
    Tensor scalar(double value, DType dtype) {
        return new Tensor("number_" + value + "_" + dtype, dtype, Shape.of(), () -> HostTensor.of(Shape.of(), value));
    }

    /** The axes of a shape as Reshape reads them: 0 keeps a symbolic batch. */
    Tensor target(Shape shape) {
        long[] sizes = Arrays.stream(shape.sizes()).asLongStream().toArray();
        if (shape.isSymbolic()) {
            sizes[0] = 0;
        }
        return integers("shape", sizes);
    }

    GraphProto.Builder graph() {
        return graph;
    }

    List<Initializer> initializers() {
        return new ArrayList<>(initializers.values());
    }

    /** Elements as they are stored. */
    private static final class Elements {
        static ByteBuffer of(HostTensor tensor, DType dtype) {
            if (tensor.dtype() == dtype) {
                return tensor.bytes();
            }
            int count = tensor.elements();
            ByteBuffer converted = ByteBuffer.allocate(Math.multiplyExact(count, dtype.bytes()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                dtype.put(converted, i * dtype.bytes(), tensor.get(i));
            }
            return converted;
        }
    }
}
