package io.github.hiera4j.model.baseline;

import io.github.hiera4j.model.baseline.pooling.PoolingBlock;
import io.github.hiera4j.model.baseline.pooling.PoolingBlockPlan;
import io.github.hiera4j.model.baseline.pooling.PoolingStyle;
import io.github.hiera4j.model.baseline.pooling.TokenGrid;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * MViTv2 (Li et al., 2022): attention pooled by depthwise convolutions, decomposed relative positions, residual queries.
 *
 * <p>Parameters have the names of the released code. Stage outputs are maps {@code [B, H, W, C]} without the class token; for videos
 * they are tokens {@code [B, 1 + T·H·W, C]}.
 */
record MViTv2(MViTv2Config config) {

    Graph inferenceGraph() {
        GraphBuilder g = new GraphBuilder();
        Heads.classes(g, build(g));
        return g.build();
    }

    Graph trainingGraph() {
        GraphBuilder g = new GraphBuilder();
        Heads.loss(g, build(g));
        return g.build();
    }

    private Value build(GraphBuilder g) {
        HieraConfig shape = config.shape();
        HieraEncoder encoder = new HieraEncoder(shape);
        Value x = encoder.patches(g, encoder.input(g));
        if (config.hasClassToken()) {
            x = g.concat(1, g.parameter("cls_token", Shape.of(1, 1, shape.embedDim())), x);
        }
        List<Integer> tokens = shape.tokenGrid();
        int frames = shape.isVideo() ? tokens.get(0) : 1;
        TokenGrid grid =
                new TokenGrid(frames, tokens.subList(tokens.size() - 2, tokens.size()), config.hasClassToken());
        int stage = 0;
        for (PoolingBlockPlan plan : PoolingBlockPlan.of(shape, config.widensInAttention(), config.firstKeyStride())) {
            PoolingBlock block = new PoolingBlock(plan, style(), grid);
            x = block.build(g.scope("blocks." + plan.index()), x);
            grid = block.gridOut();
            if (plan.endsStage()) {
                g.output(Hiera.stage(++stage), shape.isVideo() ? x : map(g, x, grid));
            }
        }
        return head(g, x);
    }

    private PoolingStyle style() {
        boolean isVideo = config.shape().isVideo();
        return new PoolingStyle(
                true,
                true,
                false,
                isVideo ? 3 : 1,
                isVideo,
                true,
                !isVideo,
                config.shape().layerNormEps());
    }

    private static Value map(GraphBuilder g, Value x, TokenGrid grid) {
        Value body = g.slice(x, 1, grid.classTokens(), grid.positions());
        return g.reshape(body, Shape.batched(grid.height(), grid.width(), x.size(2)));
    }

    private Value head(GraphBuilder g, Value x) {
        double epsilon = config.shape().layerNormEps();
        Value embedding;
        if (config.hasClassToken()) { // the head reads no other token, so only this one is normalised
            Value token = g.reshape(g.slice(x, 1, 0, 1), Shape.batched(x.size(2)));
            embedding = g.layerNorm(token, "norm", epsilon);
        } else {
            embedding = g.mean(g.layerNorm(x, "norm", epsilon), 1);
        }
        g.output(Hiera.EMBEDDING, embedding);
        Value kept = g.dropout(embedding, config.shape().headDropout());
        return g.scope("head").linear(kept, "projection", config.numClasses());
    }
}
