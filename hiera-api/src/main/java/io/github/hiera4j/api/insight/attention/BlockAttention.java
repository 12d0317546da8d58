package io.github.hiera4j.api.insight.attention;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The attention probabilities of one block for one view: softmax(q·kᵀ / √headDim) of each head in each window, computed in double
 * precision from the block's queries, keys and values.
 *
 * <p>Tokens are numbered in the network's order (unrolled); grids are in image order. Immutable.
 */
public final class BlockAttention {
    /** Represents the mean over all heads. */
    public static final int MEAN = -1;

    private final int block;
    private final Op.Attention op;
    private final double[] qkv; // [N, 3·C]
    private final int tokens;
    private final int channels;
    private final TokenGrid keyGrid;
    private final TokenGrid queryGrid;

    BlockAttention(int block, Op.Attention op, HostTensor qkv, TokenGrid keyGrid, TokenGrid queryGrid) {
        this.block = block;
        this.op = op;
        this.qkv = qkv.toDoubles();
        this.tokens = qkv.shape().size(0);
        this.channels = qkv.shape().size(1) / 3;
        this.keyGrid = keyGrid;
        this.queryGrid = queryGrid;
    }

    /** {@return the number of the block, from 0} */
    public int block() {
        return block;
    }

    /** {@return the number of attention heads} */
    public int heads() {
        return op.heads();
    }

    /** {@return the number of attention windows; 1 is global attention} */
    public int windows() {
        return op.windows();
    }

    /** {@return the number of keys per window} */
    public int keysPerWindow() {
        return tokens / op.windows();
    }

    /** {@return the number of queries in all windows} */
    public int queries() {
        return tokens / op.queryPool();
    }

    /** {@return the positions of the queries} */
    public TokenGrid queryGrid() {
        return queryGrid;
    }

    /** {@return the positions of the keys} */
    public TokenGrid keyGrid() {
        return keyGrid;
    }

    /**
     * Returns the attention of one query over the keys of its window.
     *
     * @param head from 0, or {@link #MEAN}
     * @param query its number, unrolled
     * @return one probability per key of the window, their sum 1; key {@code k} is token {@code k · windows + window}
     */
    public double[] probabilities(int head, int query) {
        check(head >= MEAN && head < heads(), "block %d has heads 0 to %d, got %d", block, heads() - 1, head);
        check(query >= 0 && query < queries(), "block %d has queries 0 to %d, got %d", block, queries() - 1, query);
        if (head != MEAN) {
            return ofHead(head, query);
        }
        double[] mean = new double[keysPerWindow()];
        for (int each = 0; each < heads(); each++) {
            double[] one = ofHead(each, query);
            for (int key = 0; key < mean.length; key++) {
                mean[key] += one[key] / heads();
            }
        }
        return mean;
    }

    private double[] ofHead(int head, int query) {
        int keys = keysPerWindow();
        int headDim = channels / heads();
        int window = query % op.windows();
        double[] pooled = pooledQuery(head, query);
        double scale = 1 / Math.sqrt(headDim);
        double[] weights = new double[keys];
        double largest = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < keys; key++) {
            int at = (key * op.windows() + window) * 3 * channels + channels + head * headDim;
            double dot = 0;
            for (int channel = 0; channel < headDim; channel++) {
                dot += pooled[channel] * qkv[at + channel];
            }
            weights[key] = dot * scale;
            largest = Math.max(largest, weights[key]);
        }
        double sum = 0;
        for (int key = 0; key < keys; key++) {
            weights[key] = Math.exp(weights[key] - largest);
            sum += weights[key];
        }
        for (int key = 0; key < keys; key++) {
            weights[key] /= sum;
        }
        return weights;
    }

    /** Returns the maximum over the queries that this block pools into one. */
    private double[] pooledQuery(int head, int query) {
        int headDim = channels / heads();
        double[] pooled = new double[headDim];
        Arrays.fill(pooled, Double.NEGATIVE_INFINITY);
        for (int group = 0; group < op.queryPool(); group++) {
            int at = (group * queries() + query) * 3 * channels + head * headDim;
            for (int channel = 0; channel < headDim; channel++) {
                pooled[channel] = Math.max(pooled[channel], qkv[at + channel]);
            }
        }
        return pooled;
    }

    /**
     * Recomputes the block's attention output from the probabilities, {@code [queries, C]}; it equals that of the network.
     *
     * @return probabilities times values, row-major
     */
    public double[] attended() {
        int headDim = channels / heads();
        double[] result = new double[queries() * channels];
        IntStream.range(0, queries()).parallel().forEach(query -> {
            for (int head = 0; head < heads(); head++) {
                double[] weights = ofHead(head, query);
                for (int key = 0; key < weights.length; key++) {
                    int value =
                            (key * op.windows() + query % op.windows()) * 3 * channels + 2 * channels + head * headDim;
                    for (int channel = 0; channel < headDim; channel++) {
                        result[query * channels + head * headDim + channel] += weights[key] * qkv[value + channel];
                    }
                }
            }
        });
        return result;
    }

    /**
     * Propagates a distribution over the queries to the keys: one step of a rollout.
     *
     * @param head from 0, or {@link #MEAN}
     * @param overQueries a weight for each query, unrolled
     * @return a weight for each token that entered the block, unrolled; their sum is that of the given weights
     */
    public double[] received(int head, double[] overQueries) {
        double[] result = new double[tokens];
        IntStream.range(0, op.windows()).parallel().forEach(window -> {
            for (int query = window; query < queries(); query += op.windows()) {
                if (overQueries[query] != 0) {
                    double[] weights = probabilities(head, query);
                    for (int key = 0; key < weights.length; key++) {
                        result[key * op.windows() + window] += overQueries[query] * weights[key];
                    }
                }
            }
        });
        return result;
    }

    /** Propagates weights along the skip connection: each query represents {@code queryPool} input tokens of the block. */
    double[] skipped(double[] overQueries) {
        double[] result = new double[tokens];
        for (int token = 0; token < tokens; token++) {
            result[token] = overQueries[token % queries()] / op.queryPool();
        }
        return result;
    }

    /**
     * Returns the attention of a query in image order.
     *
     * @param head from 0, or {@link #MEAN}
     * @param query its number, unrolled: see {@link TokenGrid#tokenAt}
     * @return probabilities in image order, one grid per step in time, their sum 1; 0 outside the query's window
     */
    public List<Grid> from(int head, int query) {
        double[] one = new double[queries()];
        one[query] = 1;
        return keyGrid.grids(received(head, one));
    }

    /**
     * Returns the attention that each position receives, averaged over all queries.
     *
     * @param head from 0, or {@link #MEAN}
     * @return fractions in image order, one grid per step in time, their sum 1
     */
    public List<Grid> received(int head) {
        double[] even = new double[queries()];
        Arrays.fill(even, 1.0 / queries());
        return keyGrid.grids(received(head, even));
    }

    /**
     * Returns all probabilities of one head.
     *
     * @param head from 0, or {@link #MEAN}
     * @return {@code [queries][keys of a window]}
     */
    public List<double[]> matrix(int head) {
        List<double[]> rows = new ArrayList<>();
        for (int query = 0; query < queries(); query++) {
            rows.add(probabilities(head, query));
        }
        return rows;
    }
}
