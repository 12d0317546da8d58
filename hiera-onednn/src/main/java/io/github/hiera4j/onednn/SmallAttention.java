package io.github.hiera4j.onednn;

import io.github.hiera4j.model.tensor.DType;
import java.nio.ByteBuffer;
import java.util.List;

/** Attention in Java, for windows too small for oneDNN's matrix products. Slow, and exact. */
final class SmallAttention {
    private SmallAttention() {}

    /**
     * softmax(scale · queries · keys) · values.
     *
     * @param queries {@code [batch axes…, queries, d]}
     * @param keys {@code [batch axes…, d, keys]}
     * @param values {@code [batch axes…, keys, d]}
     * @param attended {@code [batch axes…, queries, d]}, written
     */
    static HostStep step(String node, View queries, View keys, View values, View attended, double scale) {
        int rank = queries.rank();
        int batches = 1;
        for (int axis = 0; axis < rank - 2; axis++) {
            batches *= (int) queries.size(axis);
        }
        int[][] starts = {
            starts(queries, batches), starts(keys, batches), starts(values, batches), starts(attended, batches)
        };
        int keyCount = (int) keys.size(-1);
        int count = batches;
        return new HostStep(node, "Attention (small)", List.of(queries, keys, values, attended), bytes -> {
            double[] weights = new double[keyCount]; // a run of its own: plans are shared between threads
            for (int batch = 0; batch < count; batch++) {
                for (int query = 0; query < queries.size(-2); query++) {
                    weigh(query, batch, starts, queries, keys, bytes, scale, weights);
                    mix(query, batch, starts, values, attended, bytes, weights);
                }
            }
        });
    }

    private static void weigh(
            int query,
            int batch,
            int[][] starts,
            View queries,
            View keys,
            ByteBuffer[] bytes,
            double scale,
            double[] weights) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < weights.length; key++) {
            double dot = 0;
            for (int channel = 0; channel < queries.size(-1); channel++) {
                dot += get(queries, starts[0][batch], query, channel, bytes[0])
                        * get(keys, starts[1][batch], channel, key, bytes[1]);
            }
            weights[key] = dot * scale;
            largest = Math.max(largest, weights[key]);
        }
        double total = 0;
        for (int key = 0; key < weights.length; key++) {
            weights[key] = Math.exp(weights[key] - largest);
            total += weights[key];
        }
        for (int key = 0; key < weights.length; key++) {
            weights[key] /= total;
        }
    }

    private static void mix(
            int query, int batch, int[][] starts, View values, View attended, ByteBuffer[] bytes, double[] weights) {
        for (int channel = 0; channel < attended.size(-1); channel++) {
            double sum = 0;
            for (int key = 0; key < weights.length; key++) {
                sum += weights[key] * get(values, starts[2][batch], key, channel, bytes[2]);
            }
            DType type = attended.type();
            type.put(bytes[3], position(attended, starts[3][batch], query, channel), sum);
        }
    }

    private static double get(View view, int start, int row, int column, ByteBuffer bytes) {
        return view.type().get(bytes, position(view, start, row, column));
    }

    private static int position(View view, int start, int row, int column) {
        int rank = view.rank();
        long element = start + row * view.strides()[rank - 2] + column * view.strides()[rank - 1];
        return (int) element * view.type().bytes();
    }

    /** The first element of each matrix. */
    private static int[] starts(View view, int batches) {
        int[] starts = new int[batches];
        for (int batch = 0; batch < batches; batch++) {
            long rest = batch;
            long start = view.offset();
            for (int axis = view.rank() - 3; axis >= 0; axis--) {
                start += rest % view.size(axis) * view.strides()[axis];
                rest /= view.size(axis);
            }
            starts[batch] = Math.toIntExact(start);
        }
        return starts;
    }
}
