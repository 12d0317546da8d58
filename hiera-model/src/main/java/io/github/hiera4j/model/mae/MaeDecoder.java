package io.github.hiera4j.model.mae;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.BlockPlan;
import io.github.hiera4j.model.network.HieraBlock;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;

/** Reconstructs hidden mask units from visible ones: a plain transformer over the whole grid (paper §3.2). */
record MaeDecoder(MaeConfig config) {

    /**
     * Reconstructs the pixels of every hidden token from the encoded units.
     *
     * @param latent {@code [B, visible units, (t,) h, w, C]}
     * @param sources {@code [B, N]}: see {@link MaskUnits#feeds}
     * @param hiddenTokens {@code [B, M]}: raster positions to reconstruct
     * @return {@code [B, M, predictionDim]}
     */
    Value build(GraphBuilder g, Value latent, Value sources, Value hiddenTokens) {
        HieraConfig encoder = config.encoder();
        int dim = config.decoderEmbedDim();
        int visibleTokens = (int) (latent.shape().elements() / latent.size(-1));
        Value rows = g.reshape(latent, Shape.batched(visibleTokens, latent.size(-1)));
        Value embedded = g.linear(rows, "decoder_embed", dim); // [B, visible tokens, dim]
        Value maskToken = g.parameter("mask_token", Shape.of(1, 1, dim));
        Value x = g.gatherTokens(g.concat(1, embedded, maskToken), sources); // [B, N, dim], raster order
        x = g.add(x, g.parameter("decoder_pos_embed", Shape.of(1, Axes.product(config.decoderGrid()), dim)));
        for (int index = 0; index < config.decoderDepth(); index++) {
            BlockPlan plan = BlockPlan.plain(index, dim, config.decoderNumHeads(), encoder.mlpRatio());
            x = new HieraBlock(plan, encoder).build(g.scope("decoder_blocks." + index), x);
        }
        // Only hidden tokens are reconstructed: normalising and projecting the others would be wasted.
        Value hidden = g.gatherTokens(x, hiddenTokens);
        Value normed = g.layerNorm(hidden, "decoder_norm", encoder.layerNormEps());
        return g.linear(normed, "decoder_pred", config.predictionDim());
    }
}
