package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.function.DoubleBinaryOperator;

/** A dense row-major tensor of doubles. */
record DoubleTensor(Shape shape, double[] values) {
    static DoubleTensor zeros(Shape shape) {
        return new DoubleTensor(shape, new double[(int) shape.elements()]);
    }

    static DoubleTensor of(HostTensor tensor) {
        return new DoubleTensor(tensor.shape(), tensor.toDoubles());
    }

    HostTensor toHost() {
        return HostTensor.of(shape, values);
    }

    /** Returns the number of elements between two neighbours on an axis. */
    int stride(int axis) {
        int stride = 1;
        for (int inner = axis + 1; inner < shape.rank(); inner++) {
            stride *= shape.size(inner);
        }
        return stride;
    }

    /** Combines two tensors of one rank element by element; axes of size 1 repeat. */
    DoubleTensor combine(DoubleTensor other, DoubleBinaryOperator operator) {
        int rank = shape.rank();
        int[] sizes = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            sizes[axis] = shape.size(axis) == 1 ? other.shape.size(axis) : shape.size(axis);
        }
        DoubleTensor result = zeros(Shape.of(sizes));
        for (int i = 0; i < result.values.length; i++) {
            int index = 0;
            int otherIndex = 0;
            for (int axis = 0; axis < rank; axis++) {
                int position = i / result.stride(axis) % sizes[axis];
                index += shape.size(axis) == 1 ? 0 : position * stride(axis);
                otherIndex += other.shape.size(axis) == 1 ? 0 : position * other.stride(axis);
            }
            result.values[i] = operator.applyAsDouble(values[index], other.values[otherIndex]);
        }
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
