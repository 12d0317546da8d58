package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Op;
import java.util.stream.IntStream;

/** {@link Op.Attention} for one head of one window at a time. */
final class WindowAttention {
    private WindowAttention() {}

    static DoubleTensor attend(Op.Attention op, DoubleTensor qkv) {
        int batch = qkv.shape().size(0);
        int tokens = qkv.shape().size(1);
        int channels = qkv.shape().size(2) / 3;
        DoubleTensor result = DoubleTensor.zeros(
                qkv.shape().withSize(1, tokens / op.queryPool()).withSize(2, channels));
        IntStream.range(0, batch * op.windows() * op.heads()).parallel().forEach(task -> {
            int head = task % op.heads();
            int window = task / op.heads() % op.windows();
            int sample = task / op.heads() / op.windows();
            new Head(op, qkv, sample, window, head).attend(result);
        });
        return result;
    }

    private record Head(Op.Attention op, DoubleTensor qkv, int sample, int window, int head) {
        void attend(DoubleTensor result) {
            int keys = qkv.shape().size(1) / op.windows();
            int queries = keys / op.queryPool();
            int headDim = op.headDim(qkv.shape());
            double scale = 1 / Math.sqrt(headDim);
            double[] weights = new double[keys];
            for (int query = 0; query < queries; query++) {
                for (int key = 0; key < keys; key++) {
                    double dot = 0;
                    for (int channel = 0; channel < headDim; channel++) {
                        dot += pooledQuery(query, queries, channel) * at(key, 1, channel);
                    }
                    weights[key] = dot * scale;
                }
                softmax(weights, 0, keys);
                for (int channel = 0; channel < headDim; channel++) {
                    double sum = 0;
                    for (int key = 0; key < keys; key++) {
                        sum += weights[key] * at(key, 2, channel);
                    }
                    int token = (sample * queries + query) * op.windows() + window;
                    result.values()[token * headDim * op.heads() + head * headDim + channel] = sum;
                }
            }
        }

        private double pooledQuery(int query, int queries, int channel) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int group = 0; group < op.queryPool(); group++) {
                largest = Math.max(largest, at(group * queries + query, 0, channel));
            }
            return largest;
        }

        /** Returns an element of the queries (part 0), keys (1) or values (2) of a token of this window. */
        private double at(int inWindow, int part, int channel) {
            int tokens = qkv.shape().size(1);
            int channels = qkv.shape().size(2);
            int token = sample * tokens + inWindow * op.windows() + window;
            int headDim = channels / 3 / op.heads();
            return qkv.values()[token * channels + part * channels / 3 + head * headDim + channel];
        }
    }

    /** Replaces {@code count} values by their softmax. */
    static void softmax(double[] values, int start, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double total = 0;
        for (int i = start; i < start + count; i++) {
            values[i] = Math.exp(values[i] - largest);
            total += values[i];
        }
        for (int i = start; i < start + count; i++) {
            values[i] /= total;
        }
    }
}
