package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.Precision;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one head over many tokens, as in videos and in global blocks of large images: the scores of the head exceed the cache.
 *
 * <p>Keys and values are reordered once into the layouts that the products prefer; otherwise every product would reorder them again.
 * Then a few rows of queries at a time are computed, so that their scores stay in the second-level caches of the threads.
 */
final class LongAttention {
    /** Bytes of scores of one tile for one thread; docs/performance-onednn.md has the measurements. */
    private static final long TILE_BYTES = 640 << 10;

    /** The same for each thread of a team, which waits after every product: fewer and larger products are faster. */
    private static final long TEAM_TILE_BYTES = 2 << 20;

    /** Fewest rows of a tile: with fewer, reading the keys takes too large a share of the time. */
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
                SMALLEST_TILE, tileBytes() / (keys.size(1) * precision.scores().bytes()));
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

    private long tileBytes() {
        return builder.threads() == 1 ? TILE_BYTES : builder.threads() * TEAM_TILE_BYTES;
    }

    /** Keys and values in the layouts that the products chose. */
    private record Packed(MemoryFormat keyFormat, Buffer keys, MemoryFormat valueFormat, Buffer values) {}

    /** The primitives of all tiles with the same number of rows. */
    private final class Tile {
        private final long rows;
        private final AttentionSteps steps;
        private final Primitive similarity;
        private final Primitive mixing;

        /**
         * Creates primitives.
         *
         * @param packed keys and values in layouts that another tile's products chose; null if these products choose them
         */
        Tile(long rows, @Nullable Packed packed) {
            this.rows = rows;
            steps = new AttentionSteps(
                    builder, precision, queries.sliced(0, 0, rows), keys, attended.sliced(0, 0, rows));
            if (packed != null) {
                similarity = steps.similarity(packed.keyFormat(), scale);
                mixing = steps.mixing(packed.valueFormat());
                return;
            }
            try (MemoryFormat anyKeys = Dnnl.any(precision.compute(), keys.sizes());
                    MemoryFormat anyValues = Dnnl.any(precision.compute(), values.sizes())) {
                similarity = steps.similarity(anyKeys, scale);
                mixing = steps.mixing(anyValues);
            }
        }

        /** Reorders keys and values into the layouts that the products chose. */
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
            steps.emit(
                    similarity,
                    mixing,
                    queries.sliced(0, start, rows),
                    arguments -> arguments.with(dnnl.DNNL_ARG_WEIGHTS, packed.keyFormat(), packed.keys()),
                    arguments -> arguments.with(dnnl.DNNL_ARG_WEIGHTS, packed.valueFormat(), packed.values()),
                    attended.sliced(0, start, rows));
        }
    }
}
