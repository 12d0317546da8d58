package io.github.hiera4j.onnx.file;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A constant tensor of a graph, whose elements are produced when they are written: a large model is never completely in memory.
 *
 * @param name the name by which nodes read it
 * @param dtype element type
 * @param shape sizes of its axes; rank 0 is a scalar
 * @param content produces the elements: row-major, little-endian, from position to limit
 */
public record Initializer(String name, DType dtype, Shape shape, Supplier<ByteBuffer> content) {
    /** {@return bytes of its elements} */
    public long bytes() {
        return shape.elements() * dtype.bytes();
    }

    /** Name, type and shape, without elements. */
    TensorProto.Builder header() {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(ElementTypes.code(dtype));
        for (int size : shape.sizes()) {
            tensor.addDims(size);
        }
        return tensor;
    }

    /** Its elements; checks their number against the shape. */
    ByteBuffer elements() {
        ByteBuffer elements = content.get();
        if (elements.remaining() != bytes()) {
            throw new IllegalStateException(
                    name + ": expected " + bytes() + " bytes of elements, got " + elements.remaining());
        }
        return elements;
    }
}
