package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Op;
import java.util.stream.IntStream;

/** {@link Op.PooledAttention}, one query of one head at a time. */
final class PooledAttention {
    private PooledAttention() {}

    static DoubleTensor attend(Op.PooledAttention op, DoubleTensor q, DoubleTensor k, DoubleTensor v) {
        int queries = q.shape().size(1);
        int keys = k.shape().size(1);
        int scored = q.shape().size(2) / op.heads();
        int mixed = v.shape().size(2) / op.heads();
        double scale = op.scale(q.shape());
        DoubleTensor result = DoubleTensor.zeros(q.shape().withSize(2, v.shape().size(2)));
        IntStream.range(0, q.shape().size(0) * queries * op.heads()).parallel().forEach(task -> {
            int head = task % op.heads();
            int query = task / op.heads(); // over all samples
            int firstKey = query / queries * keys;
            double[] weights = new double[keys];
            for (int key = 0; key < keys; key++) {
                int left = (query * op.heads() + head) * scored;
                int right = ((firstKey + key) * op.heads() + head) * scored;
                double dot = 0;
                for (int channel = 0; channel < scored; channel++) {
                    dot += q.values()[left + channel] * k.values()[right + channel];
                }
                weights[key] = dot * scale;
            }
            WindowAttention.softmax(weights, 0, keys);
            for (int key = 0; key < keys; key++) {
                int right = ((firstKey + key) * op.heads() + head) * mixed;
                for (int channel = 0; channel < mixed; channel++) {
                    result.values()[(query * op.heads() + head) * mixed + channel] +=
                            weights[key] * v.values()[right + channel];
                }
            }
        });
        return result;
    }
}
