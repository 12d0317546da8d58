package io.github.hiera4j.model.transfer;

import io.github.hiera4j.model.network.PositionResizing;
import java.util.List;
import java.util.stream.IntStream;

/** Resizes a table of vectors over a grid, axis by axis, in double precision. */
final class GridResize {
    private GridResize() {}

    /**
     * Resizes row-major {@code [from…, channels]} to {@code [to…, channels]}.
     *
     * @param rules one rule per axis
     */
    static double[] apply(double[] table, List<Integer> from, List<Integer> to, List<PositionResizing> rules) {
        double[] result = table;
        int elements = table.length;
        int inner = elements; // after this axis
        for (int axis = 0; axis < from.size(); axis++) {
            int before = from.get(axis);
            inner /= before;
            if (before != to.get(axis)) {
                result = alongAxis(result, before, inner, rules.get(axis).matrix(before, to.get(axis)));
            }
        }
        return result;
    }

    private static double[] alongAxis(double[] table, int from, int inner, double[] matrix) {
        int to = matrix.length / from;
        int outer = table.length / (from * inner);
        double[] result = new double[Math.multiplyExact(Math.multiplyExact(outer, to), inner)];
        IntStream.range(0, outer * to).parallel().forEach(row -> {
            int target = row % to;
            int source = row / to * from * inner;
            for (int tap = 0; tap < from; tap++) {
                double weight = matrix[target * from + tap];
                for (int i = 0; i < inner && weight != 0; i++) {
                    result[row * inner + i] += weight * table[source + tap * inner + i];
                }
            }
        });
        return result;
    }
}
