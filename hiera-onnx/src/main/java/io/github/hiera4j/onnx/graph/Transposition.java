package io.github.hiera4j.onnx.graph;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A transposed matrix, in its own element type. */
final class Transposition {
    private static final int TILE = 32;

    private Transposition() {}

    static HostTensor of(HostTensor matrix) {
        int rows = matrix.shape().size(0);
        int columns = matrix.shape().size(1);
        int size = matrix.dtype().bytes();
        ByteBuffer from = matrix.bytes();
        ByteBuffer to = ByteBuffer.allocate(matrix.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        for (int top = 0; top < rows; top += TILE) {
            for (int column = 0; column < columns; column++) {
                for (int row = top; row < Math.min(top + TILE, rows); row++) {
                    copy(from, (row * columns + column) * size, to, (column * rows + row) * size, size);
                }
            }
        }
        return HostTensor.wrap(matrix.dtype(), Shape.of(columns, rows), to);
    }

    private static void copy(ByteBuffer from, int source, ByteBuffer to, int target, int size) {
        switch (size) {
            case 8 -> to.putLong(target, from.getLong(source));
            case 4 -> to.putInt(target, from.getInt(source));
            case 2 -> to.putShort(target, from.getShort(source));
            default -> to.put(target, from.get(source));
        }
    }
}
