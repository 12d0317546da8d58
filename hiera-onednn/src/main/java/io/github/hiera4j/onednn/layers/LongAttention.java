package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.PostOps;
import io.github.hiera4j.onednn.primitive.Precision;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one head over many tokens, as in videos and in global blocks of large images: the scores of the head exceed the cache.
 *
 * <p>Keys and values are converted once to the layouts that the products need; otherwise a product would repeat this for every piece.
 * Then a few rows of queries are processed at a time, so that their scores are written, normalised and read in the second-level cache.
 */
final class LongAttention {
    /** Bytes of the scores of one step. Measured, see docs/performance-onednn.md. */
    private static final long TILE_BYTES = 640 << 10;

    /** Smallest number of rows: with fewer, a product reads the keys too often for the amount of work. */
    private static final long SMALLEST_TILE = 32;

    private final PlanBuilder builder;
    private final Precision precision;
    private final double scale;
    private final View queries;
    private final View keys;
    private final View values;
    private final View attended;

    private LongAttention(
            PlanBuilder builder,
            Precision precision,
            double scale,
            View queries,
            View keys,
            View values,
            View attended) {
        this.builder = builder;
        this.precision = precision;
        this.scale = scale;
        this.queries = queries;
        this.keys = keys;
        this.values = values;
        this.attended = attended;
    }

    /** Returns whether the {@code queries · keys} scores of one head and window are too many for one tile. */
    static boolean suits(View queries, View keys, Precision precision) {
        return queries.size(-2) * keys.size(-1) * precision.scores().bytes() > 2 * TILE_BYTES;
    }

    /** {@code softmax(scale · queries [.., Nq, d] · keys [.., d, Nk]) · values [.., Nk, e]} to {@code [.., Nq, e]}. */
    static void emit(
            PlanBuilder builder,
            Precision precision,
            double scale,
            View queries,
            View keys,
            View values,
            View attended) {
        if (queries.rank() == 2) {
            new LongAttention(builder, precision, scale, queries, keys, values, attended).emit();
            return;
        }
        for (long index = 0; index < queries.size(0); index++) {
            emit(
                    builder,
                    precision,
                    scale,
                    queries.picked(0, index),
                    keys.picked(0, index),
                    values.picked(0, index),
                    attended.picked(0, index));
        }
    }

    private void emit() {
        long rows = queries.size(0);
        long fitting = Math.max(
                SMALLEST_TILE, TILE_BYTES / (keys.size(1) * precision.scores().bytes()));
        long tiles = (rows + fitting - 1) / fitting;
        List<Tile> sizes = new ArrayList<>(); // heights of tiles differ by at most one row
        Packed packed = null;
        long start = 0;
        for (long tile = 0; tile < tiles; tile++) {
            long length = (rows - start) / (tiles - tile);
            Tile kernels = sizes.stream()
                    .filter(known -> known.rows == length)
                    .findFirst()
                    .orElse(null);
            if (kernels == null) {
                kernels = new Tile(length, packed);
                sizes.add(kernels);
            }
            if (packed == null) {
                packed = kernels.pack();
            }
            kernels.emit(start, packed);
            start += length;
        }
    }

    /** Keys and values in the layouts that the products chose. */
    private record Packed(MemoryFormat keyFormat, Buffer keys, MemoryFormat valueFormat, Buffer values) {}

    /** The three primitives for tiles of a given height. */
    private final class Tile {
        private final long rows;
        private final MemoryFormat queryFormat;
        private final MemoryFormat scoreFormat;
        private final MemoryFormat weightFormat;
        private final MemoryFormat resultFormat;
        private final Primitive similarity;
        private final Primitive softmax;
        private final Primitive mixing;

        /** Kernels that choose a layout, or read one that other kernels chose. */
        Tile(long rows, @Nullable Packed packed) {
            this.rows = rows;
            long[] sizes = {rows, keys.size(1)};
            queryFormat = builder.keep(queries.sliced(0, 0, rows).format());
            scoreFormat = builder.keep(Dnnl.strided(precision.scores(), sizes, View.denseStrides(sizes)));
            weightFormat = builder.keep(Dnnl.strided(precision.compute(), sizes, View.denseStrides(sizes)));
            resultFormat = builder.keep(attended.sliced(0, 0, rows).format());
            PostOps scaled = new PostOps().scale(scale);
            similarity = product(queryFormat, keys, packed == null ? null : packed.keyFormat(), scoreFormat, scaled);
            softmax = builder.keep(Dnnl.softmax(scoreFormat, weightFormat, 1));
            mixing = product(
                    weightFormat, values, packed == null ? null : packed.valueFormat(), resultFormat, PostOps.none());
        }

        private Primitive product(
                MemoryFormat left, View right, @Nullable MemoryFormat chosen, MemoryFormat result, PostOps postOps) {
            if (chosen != null) {
                return builder.keep(Dnnl.matmul(left, chosen, null, result, postOps));
            }
            try (MemoryFormat any = Dnnl.any(precision.compute(), right.sizes())) {
                return builder.keep(Dnnl.matmul(left, any, null, result, postOps));
            }
        }

        Packed pack() {
            MemoryFormat keyFormat = builder.keep(similarity.copyOfWeights());
            MemoryFormat valueFormat = builder.keep(mixing.copyOfWeights());
            return new Packed(keyFormat, packed(keys, keyFormat), valueFormat, packed(values, valueFormat));
        }

        private Buffer packed(View matrix, MemoryFormat wanted) {
            Buffer buffer = Buffer.inArena(wanted.bytes());
            MemoryFormat from = builder.keep(matrix.format());
            builder.add(
                    "Attention packing",
                    builder.keep(Dnnl.reorder(from, wanted)),
                    builder.arguments().with(dnnl.DNNL_ARG_FROM, matrix, from).with(dnnl.DNNL_ARG_TO, wanted, buffer),
                    0);
            return buffer;
        }

        void emit(long start, Packed packed) {
            View scores = builder.allocate(precision.scores(), rows, keys.size(1));
            View weights = precision.scores() == precision.compute()
                    ? scores
                    : builder.allocate(precision.compute(), scores.sizes());
            builder.add(
                    "Attention q·k",
                    similarity,
                    builder.arguments()
                            .with(dnnl.DNNL_ARG_SRC, queries.sliced(0, start, rows), queryFormat)
                            .with(dnnl.DNNL_ARG_WEIGHTS, packed.keyFormat(), packed.keys())
                            .with(dnnl.DNNL_ARG_DST, scores, scoreFormat),
                    scores.elements() * queries.size(1));
            builder.add(
                    "Attention softmax",
                    softmax,
                    builder.arguments()
                            .with(dnnl.DNNL_ARG_SRC, scores, scoreFormat)
                            .with(dnnl.DNNL_ARG_DST, weights, weightFormat),
                    0);
            builder.add(
                    "Attention ·v",
                    mixing,
                    builder.arguments()
                            .with(dnnl.DNNL_ARG_SRC, weights, weightFormat)
                            .with(dnnl.DNNL_ARG_WEIGHTS, packed.valueFormat(), packed.values())
                            .with(dnnl.DNNL_ARG_DST, attended.sliced(0, start, rows), resultFormat),
                    scores.elements() * values.size(1));
        }
    }
}
