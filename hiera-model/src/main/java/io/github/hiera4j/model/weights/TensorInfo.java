package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;

/** What a weight file says of one tensor before any of its bytes are read. */
public record TensorInfo(DType dtype, Shape shape) {
    /** {@return bytes of all elements} */
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
