package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;

/**
 * The mask decoder's transformer: tokens attend to themselves and to the image, and the image attends to the tokens.
 *
 * @param config the model
 * @param positions the position encodings of the image's tokens, {@code [1, h·w, dim]}
 * @param initial the input tokens, {@code [B, N, dim]}, which are added to queries and keys in every layer
 * @param unread {@code [B, 1, 1, N]}: a large negative number for padding tokens, otherwise 0
 */
record TwoWayTransformer(Sam2Config config, Value positions, Value initial, Value unread) {
    private static final double NORM_EPS = 1e-5;

    /** Tokens {@code [B, N, dim]} and image {@code [B, h·w, dim]}. */
    record Streams(Value tokens, Value image) {}

    /** Builds all layers and the final attention to the image; {@code g} is scoped to the transformer's parameters. */
    Streams build(GraphBuilder g, Value image) {
        Streams x = new Streams(initial, image);
        for (int index = 0; index < config.decoderDepth(); index++) {
            x = layer(g.scope("layers." + index), x, index == 0);
        }
        Value attendedImage = attendToImage(g.scope("final_attn_token_to_image"), x);
        return new Streams(g.layerNorm(g.add(x.tokens(), attendedImage), "norm_final_attn", NORM_EPS), x.image());
    }

    /** Builds one layer. Each sum is followed by a norm. The first layer's self-attention replaces the tokens. */
    private Streams layer(GraphBuilder g, Streams x, boolean first) {
        Value itself = first ? x.tokens() : placed(g, x.tokens());
        Value attended = new TwoWayAttention(config.decoderHeads(), config.dim())
                .build(g.scope("self_attn"), itself, itself, x.tokens(), unread);
        Value tokens = g.layerNorm(first ? attended : g.add(x.tokens(), attended), "norm1", NORM_EPS);

        Value attendedImage = attendToImage(g.scope("cross_attn_token_to_image"), new Streams(tokens, x.image()));
        tokens = g.layerNorm(g.add(tokens, attendedImage), "norm2", NORM_EPS);
        tokens = g.layerNorm(g.add(tokens, mlp(g.scope("mlp"), tokens)), "norm3", NORM_EPS);

        Value attendedTokens = across().build(
                        g.scope("cross_attn_image_to_token"),
                        g.add(x.image(), positions),
                        placed(g, tokens),
                        tokens,
                        unread); // [B, h·w, dim]
        return new Streams(tokens, g.layerNorm(g.add(attendedTokens, x.image()), "norm4", NORM_EPS));
    }

    /** Builds the attention of the tokens to the image. */
    private Value attendToImage(GraphBuilder g, Streams x) {
        return across().build(g, placed(g, x.tokens()), g.add(x.image(), positions), x.image(), null);
    }

    private Value placed(GraphBuilder g, Value tokens) {
        return g.add(tokens, initial);
    }

    private TwoWayAttention across() {
        return new TwoWayAttention(config.decoderHeads(), config.crossAttentionDim());
    }

    private Value mlp(GraphBuilder g, Value x) {
        Value hidden = g.elementwise(g.linear(x, "layers.0", config.decoderMlpDim()), Function.RELU);
        return g.linear(hidden, "layers.1", config.dim());
    }
}
