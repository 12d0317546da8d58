package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.Precision;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Attention as matrix product, softmax, matrix product, over strided views of the queries, keys and values: windows and heads
 * are batch axes, and nothing is copied.
 *
 * <p>If the scores of all windows and heads together exceed the cache, they are computed piece by piece. If those of one head do,
 * {@link LongAttention} computes them.
 */
public final class AttentionLayer {
    /** Bytes of scores that one piece may hold: roughly the second-level cache of two cores. */
    private static final long SCORE_BYTES = 4 << 20;

    private final PlanBuilder builder;
    private final Layers layers;
    private final Precision precision;

    AttentionLayer(PlanBuilder builder, Layers layers, Precision precision) {
        this.builder = builder;
        this.layers = layers;
        this.precision = precision;
    }

    /** {@code qkv [B, N, 3·C]} to {@code [B, N / queryPool, C]}, see {@link Op.Attention}. */
    View attend(Op.Attention op, View qkv) {
        View x = layers.dense(qkv);
        long batch = x.size(0);
        long tokens = x.size(1);
        long channels = x.size(2) / 3;
        if (tokens == op.windows()) { // a window of one token: it attends to itself only
            return layers.dense(
                    Layers.requireView(x.reshaped(batch, tokens, 3, channels)).picked(2, 2));
        }
        long pooledTokens = tokens / op.queryPool();
        View pooled = op.queryPool() == 1
                ? x
                : layers.pool(
                        true,
                        Layers.requireView(x.reshaped(batch, op.queryPool(), pooledTokens, 3 * channels)),
                        new long[] {batch, pooledTokens, 3 * channels});
        View result = builder.allocate(precision.compute(), batch, pooledTokens, channels);

        View queries = part(op, pooled, 0); // [B, windows, heads, queries, d]
        View keys = transposed(part(op, x, 1)); // [B, windows, heads, d, keys]
        View values = part(op, x, 2); // [B, windows, heads, keys, d]
        View attended = split(op, Layers.requireView(result.reshaped(batch, pooledTokens, 1, channels)), 0);
        emit(new Piece(queries, keys, values, attended), 1 / Math.sqrt((double) channels / op.heads()));
        return result;
    }

    /** See {@link Op.PooledAttention}: {@code q [B, Nq, heads·e]} to {@code [B, Nq, heads·d]}. */
    View attend(Op.PooledAttention op, View q, View k, View v) {
        View result = builder.allocate(precision.compute(), q.size(0), q.size(1), v.size(2));
        View queries = byHead(q, op.heads());
        View keys = transposed(byHead(k, op.heads()));
        double scale = 1 / Math.sqrt((double) q.size(2) / op.heads() - op.positions());
        emit(new Piece(queries, keys, byHead(v, op.heads()), byHead(result, op.heads())), scale);
        return result;
    }

    /** {@code [B, N, heads·c]} to {@code [B, heads, N, c]}, without an axis of one head. */
    private View byHead(View x, int heads) {
        View split = layers.reshape(x, x.size(0), x.size(1), heads, x.size(2) / heads);
        View ordered = split.permuted(0, 2, 1, 3);
        return heads == 1 ? ordered.picked(1, 0) : ordered;
    }

    private void emit(Piece whole, double scale) {
        if (LongAttention.suits(whole.queries(), whole.keys(), precision)) {
            LongAttention.emit(
                    builder, precision, scale, whole.queries(), whole.keys(), whole.values(), whole.attended());
            return;
        }
        List<Piece> pieces = pieces(whole);
        Kernels kernels = new Kernels(pieces.get(0), scale);
        pieces.forEach(kernels::emit);
    }

    /** Queries (0), keys (1) or values (2) of {@code [B, N, 3·C]}. */
    private static View part(Op.Attention op, View x, int which) {
        View parts = Layers.requireView(x.reshaped(x.size(0), x.size(1), 3, x.size(2) / 3));
        return split(op, parts, which);
    }

    /** {@code [B, N, parts, C]} to one part's {@code [B, windows, heads, perWindow, d]}, without axes of size 1 in front. */
    private static View split(Op.Attention op, View parts, int which) {
        View one = parts.picked(2, which);
        View split = Layers.requireView(one.reshaped(
                one.size(0), one.size(1) / op.windows(), op.windows(), op.heads(), one.size(2) / op.heads()));
        View ordered = split.permuted(0, 2, 3, 1, 4);
        View dropped = op.heads() == 1 ? ordered.picked(2, 0) : ordered;
        return op.windows() == 1 ? dropped.picked(1, 0) : dropped;
    }

    private static View transposed(View x) {
        int rank = x.rank();
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < rank - 2; axis++) {
            order.add(axis);
        }
        order.add(rank - 1);
        order.add(rank - 2);
        return x.permuted(order);
    }

    /** A range of windows, heads or queries. */
    private record Piece(View queries, View keys, View values, View attended) {
        long scores() {
            return queries.elements() / queries.size(-1) * keys.size(-1);
        }

        /** Returns a range of one axis. Along the last but one, only the queries are divided: every query needs all keys. */
        Piece range(int axis, long start, long length) {
            boolean divideKeys = axis < queries.rank() - 2;
            return new Piece(
                    queries.sliced(axis, start, length),
                    divideKeys ? keys.sliced(axis, start, length) : keys,
                    divideKeys ? values.sliced(axis, start, length) : values,
                    attended.sliced(axis, start, length));
        }
    }

    /**
     * Divides into samples, then along the leading axes until the scores of a piece fit the cache; all pieces have the same shape.
     *
     * <p>Samples are separate because oneDNN 3.11 computes batched products over strided views wrongly if the first axis is as long as
     * the axis of the queries or keys, and in some other cases (observed with AVX-512: all samples but the first were wrong). With a
     * first axis of 1 the results are right.
     */
    private List<Piece> pieces(Piece whole) {
        List<Piece> pieces = List.of(whole);
        for (int axis = 0; axis < whole.queries().rank() - 1; axis++) {
            long bytes = pieces.get(0).scores() * precision.scores().bytes();
            long size = whole.queries().size(axis);
            boolean bySample = axis == 0 && whole.queries().rank() > 2;
            if (bytes <= SCORE_BYTES && !bySample) {
                break;
            }
            long length = bySample ? 1 : largestDivisor(size, Math.max(1, SCORE_BYTES / (bytes / size)));
            List<Piece> divided = new ArrayList<>();
            for (Piece piece : pieces) {
                for (long start = 0; start < size; start += length) {
                    divided.add(piece.range(axis, start, length));
                }
            }
            pieces = divided;
        }
        return pieces;
    }

    private static long largestDivisor(long size, long limit) {
        long divisor = Math.min(size, limit);
        while (size % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    /** The primitives and formats that all pieces share. */
    private final class Kernels {
        private final AttentionSteps steps;
        private final MemoryFormat keyFormat;
        private final MemoryFormat valueFormat;
        private final Primitive similarity;
        private final Primitive mixing;

        Kernels(Piece piece, double scale) {
            steps = new AttentionSteps(builder, precision, piece.queries(), piece.keys(), piece.attended());
            keyFormat = builder.keep(piece.keys().format());
            valueFormat = builder.keep(piece.values().format());
            similarity = steps.similarity(keyFormat, scale);
            mixing = steps.mixing(valueFormat);
        }

        void emit(Piece piece) {
            steps.emit(
                    similarity,
                    mixing,
                    piece.queries(),
                    arguments -> arguments.with(dnnl.DNNL_ARG_WEIGHTS, piece.keys(), keyFormat),
                    arguments -> arguments.with(dnnl.DNNL_ARG_WEIGHTS, piece.values(), valueFormat),
                    piece.attended());
        }
    }
}
