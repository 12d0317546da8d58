package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;

/** The description of a tensor in a weight file, available before its bytes are read. */
public record TensorInfo(DType dtype, Shape shape) {
    /** {@return the number of bytes of all elements} */
    public long byteSize() {
        return shape.elements() * dtype.bytes();
    }

    /** {@return a new tensor of zeros of this type and shape, in direct memory} */
    public HostTensor allocate() {
        return HostTensor.allocate(dtype, shape);
    }

    @Override
    public String toString() {
        return dtype + " " + shape;
    }
}
