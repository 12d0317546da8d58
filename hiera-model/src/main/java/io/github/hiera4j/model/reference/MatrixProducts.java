package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Op.MatrixProduct}, one row of the result at a time. */
final class MatrixProducts {
    private MatrixProducts() {}

    static DoubleTensor multiply(Op.MatrixProduct op, DoubleTensor left, DoubleTensor right) {
        Shape shape = op.infer(List.of(left.shape(), right.shape()));
        DoubleTensor result = DoubleTensor.zeros(shape);
        int rows = shape.size(-2);
        int columns = shape.size(-1);
        int inner = left.shape().size(-1);
        int batch = shape.size(0);
        int matrices = (int) (shape.elements() / rows / columns);
        int perSample = matrices / Math.max(1, batch);
        IntStream.range(0, matrices * rows).parallel().forEach(task -> {
            int row = task % rows;
            int matrix = task / rows;
            int leftRow = (repeated(matrix, perSample, left) * rows + row) * inner;
            int rightMatrix = repeated(matrix, perSample, right) * inner * columns;
            for (int k = 0; k < inner; k++) {
                double factor = left.values()[leftRow + k];
                int rightRow = rightMatrix + k * columns;
                for (int column = 0; column < columns; column++) {
                    result.values()[task * columns + column] += factor * right.values()[rightRow + column];
                }
            }
        });
        return result;
    }

    /** Returns the operand's matrix for a matrix of the result: a batch of 1 is used for every sample. */
    private static int repeated(int matrix, int perSample, DoubleTensor operand) {
        return operand.shape().size(0) == 1 ? matrix % perSample : matrix;
    }
}
