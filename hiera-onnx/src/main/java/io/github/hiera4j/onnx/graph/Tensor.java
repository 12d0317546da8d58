package io.github.hiera4j.onnx.graph;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.LinearQuantization;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of the ONNX graph.
 *
 * @param name its name; a constant becomes an initializer of this name if a node reads it
 * @param dtype element type
 * @param shape its axes; the first may be the symbolic batch
 * @param constant reads its value; null for a computed tensor
 * @param quantization how a linear layer with this weight is computed with integers, or null for floating point
 */
record Tensor(
        String name,
        DType dtype,
        Shape shape,
        @Nullable Supplier<HostTensor> constant,
        @Nullable LinearQuantization quantization) {
    /** A tensor that is not a quantised weight. */
    Tensor(String name, DType dtype, Shape shape, @Nullable Supplier<HostTensor> constant) {
        this(name, dtype, shape, constant, null);
    }

    /** A computed tensor. */
    Tensor(String name, DType dtype, Shape shape) {
        this(name, dtype, shape, null, null);
    }

    /** The shape with this one's first axis followed by other axes. */
    Shape like(int... rest) {
        int[] sizes = new int[rest.length + 1];
        sizes[0] = shape.size(0);
        System.arraycopy(rest, 0, sizes, 1, rest.length);
        return Shape.of(sizes);
    }
}
