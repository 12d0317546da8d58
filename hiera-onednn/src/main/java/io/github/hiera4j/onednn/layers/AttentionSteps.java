package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.PostOps;
import io.github.hiera4j.onednn.primitive.Precision;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.util.function.UnaryOperator;
import org.bytedeco.dnnl.global.dnnl;

/** The three steps of attention, {@code softmax(scale · queries · keys) · values}, for pieces of the same shape. */
final class AttentionSteps {
    private final PlanBuilder builder;
    private final Precision precision;
    private final long[] scoreSizes;
    private final MemoryFormat queryFormat;
    private final MemoryFormat scoreFormat;
    private final MemoryFormat weightFormat;
    private final MemoryFormat resultFormat;
    private final Primitive softmax;

    /**
     * Prepares the softmax and the formats.
     *
     * @param queries {@code [.., Nq, d]} of a piece
     * @param keys {@code [.., d, Nk]} of a piece
     * @param attended the result {@code [.., Nq, e]} of a piece
     */
    AttentionSteps(PlanBuilder builder, Precision precision, View queries, View keys, View attended) {
        this.builder = builder;
        this.precision = precision;
        scoreSizes = Layers.withLast(queries.sizes(), keys.size(-1));
        long[] strides = View.denseStrides(scoreSizes);
        queryFormat = builder.keep(queries.format());
        scoreFormat = builder.keep(Dnnl.strided(precision.scores(), scoreSizes, strides));
        weightFormat = builder.keep(Dnnl.strided(precision.compute(), scoreSizes, strides));
        resultFormat = builder.keep(attended.format());
        softmax = builder.keep(Dnnl.softmax(scoreFormat, weightFormat, scoreSizes.length - 1));
    }

    /** Prepares {@code scale · queries · keys}. */
    Primitive similarity(MemoryFormat keys, double scale) {
        return builder.keep(Dnnl.matmul(queryFormat, keys, null, scoreFormat, new PostOps().scale(scale)));
    }

    /** Prepares {@code weights · values}. */
    Primitive mixing(MemoryFormat values) {
        return builder.keep(Dnnl.matmul(weightFormat, values, null, resultFormat, PostOps.none()));
    }

    /**
     * Adds the steps of one piece to the plan.
     *
     * @param keys adds the keys to the arguments of {@code similarity}
     * @param values adds the values to the arguments of {@code mixing}
     */
    void emit(
            Primitive similarity,
            Primitive mixing,
            View queries,
            UnaryOperator<PlanBuilder.Arguments> keys,
            UnaryOperator<PlanBuilder.Arguments> values,
            View attended) {
        View scores = builder.allocate(precision.scores(), scoreSizes);
        View weights =
                precision.scores() == precision.compute() ? scores : builder.allocate(precision.compute(), scoreSizes);
        builder.add(
                "Attention q·k",
                similarity,
                keys.apply(builder.arguments().with(dnnl.DNNL_ARG_SRC, queries, queryFormat))
                        .with(dnnl.DNNL_ARG_DST, scores, scoreFormat),
                scores.elements() * queries.size(-1));
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
                values.apply(builder.arguments().with(dnnl.DNNL_ARG_SRC, weights, weightFormat))
                        .with(dnnl.DNNL_ARG_DST, attended, resultFormat),
                scores.elements() * attended.size(-1));
    }
}
