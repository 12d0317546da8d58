package io.github.hiera4j.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onnx.file.ElementTypes;
import java.util.List;
import java.util.stream.IntStream;

/** Names, element types and axes of tensors, as a graph states them. */
final class ValueInfos {
    /** The name of the batch axis, whose size is only known at run time. */
    static final String BATCH = "batch";

    private ValueInfos() {}

    /** Sizes of axes, the symbolic batch by its name. */
    static List<String> axes(Shape shape) {
        return IntStream.of(shape.sizes())
                .mapToObj(size -> size == Shape.BATCH ? BATCH : Integer.toString(size))
                .toList();
    }

    /**
     * Describes a tensor.
     *
     * @param axes for each axis its size, or the name of a size that is only known at run time
     * @param description human-readable text
     */
    static ValueInfoProto of(String name, DType dtype, List<String> axes, String description) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String axis : axes) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            boolean isNumber = Character.isDigit(axis.charAt(0));
            shape.addDim(isNumber ? dimension.setDimValue(Long.parseLong(axis)) : dimension.setDimParam(axis));
        }
        ValueInfoProto.Builder info = ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(ElementTypes.code(dtype))
                                .setShape(shape)));
        return description.isEmpty()
                ? info.build()
                : info.setDocString(description).build();
    }
}
