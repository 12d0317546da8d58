package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;
import io.github.hiera4j.model.tensor.Shape;

/**
 * Computes masks from an image embedding and a prompt's tokens: after a two-way transformer, every mask token becomes the weights
 * of a linear map over the upsampled embedding.
 *
 * @param config the model
 * @param positions the position encodings of the image's tokens, {@code [1, h·w, dim]}
 */
record Sam2MaskDecoder(Sam2Config config, Value positions) {
    static final String PREFIX = "sam_mask_decoder";

    /** Returns the number of tokens after the prompt's: one for the object's presence, one for the masks' quality, one for each mask. */
    static int ownTokens(Sam2Config config) {
        return 2 + config.masks();
    }

    /**
     * The outputs of the decoder.
     *
     * @param masks logits {@code [B, masks, 4h, 4w]}; mask 0 is the one for unambiguous prompts
     * @param quality predicted IoU, {@code [B, masks]}
     * @param objectScore above 0 if the object is visible, {@code [B, 1]}
     */
    record Result(Value masks, Value quality, Value objectScore) {}

    /** The maps of one image, which are the same for every prompt. */
    record ImageMaps(Value highResolution0, Value highResolution1) {}

    /**
     * Builds the decoder.
     *
     * @param image {@code [1 or B, h·w, dim]}, with the mask prompt added
     * @param prompt {@code [B, T, dim]}
     * @param unread {@code [B, 1, 1, tokens]}: a large negative number for padding tokens, otherwise 0
     */
    Result build(GraphBuilder network, Value image, ImageMaps maps, Value prompt, Value unread) {
        GraphBuilder g = network.scope(PREFIX);
        Value tokens = tokens(g, prompt);
        TwoWayTransformer transformer = new TwoWayTransformer(config, positions, tokens, unread);
        TwoWayTransformer.Streams streams = transformer.build(g.scope("transformer"), image);
        Value presence = token(g, streams.tokens(), 0);
        Value summary = token(g, streams.tokens(), 1);
        Value quality =
                ChannelLast.mlp(g.scope("iou_prediction_head"), summary, config.qualityHiddenDim(), config.masks());
        Value score = ChannelLast.mlp(g.scope("pred_obj_score_head"), presence, config.dim(), 1);
        return new Result(
                masks(g, streams, maps),
                g.reshape(g.elementwise(quality, Function.SIGMOID), Shape.batched(config.masks())),
                g.reshape(score, Shape.batched(1)));
    }

    /** Returns the prompt's tokens, then the decoder's own: {@code [B, N, dim]}. Their order does not affect results. */
    private Value tokens(GraphBuilder g, Value prompt) {
        int dim = config.dim();
        Value own = g.concat(
                1,
                g.reshape(g.parameter("obj_score_token.weight", Shape.of(1, dim)), 1, 1, dim),
                g.reshape(g.parameter("iou_token.weight", Shape.of(1, dim)), 1, 1, dim),
                g.reshape(g.parameter("mask_tokens.weight", Shape.of(config.masks(), dim)), 1, config.masks(), dim));
        return g.concat(1, prompt, own);
    }

    private Value token(GraphBuilder g, Value tokens, int index) {
        return g.slice(tokens, 1, tokens.size(1) - ownTokens(config) + index, 1);
    }

    private Value masks(GraphBuilder g, TwoWayTransformer.Streams streams, ImageMaps maps) {
        int size = config.maskSize();
        Value fine = upscale(g, streams.image(), maps); // [B, 4h, 4w, dim / 8]
        Value[] weights = new Value[config.masks()];
        for (int mask = 0; mask < weights.length; mask++) {
            GraphBuilder hypernetwork = g.scope("output_hypernetworks_mlps." + mask);
            weights[mask] =
                    ChannelLast.mlp(hypernetwork, token(g, streams.tokens(), 2 + mask), config.dim(), fine.size(3));
        }
        Value pixels = g.reshape(fine, Shape.batched(size * size, fine.size(3)));
        Value masks = g.matrixProduct(g.concat(1, weights), g.permute(pixels, java.util.List.of(0, 2, 1)));
        return g.reshape(masks, Shape.batched(config.masks(), size, size));
    }

    /** Doubles the size twice and adds the image's finer maps: {@code [B, h·w, dim]} to {@code [B, 4h, 4w, dim / 8]}. */
    private Value upscale(GraphBuilder network, Value image, ImageMaps maps) {
        GraphBuilder g = network.scope("output_upscaling");
        int size = config.embeddingSize();
        Value map = g.reshape(image, Shape.batched(size, size, config.dim()));
        Value doubled = g.add(ChannelLast.doubled(g, map, "0", config.dim() / 4), maps.highResolution1());
        Value half = ChannelLast.normedGelu(g, doubled, "1");
        Value fine = g.add(ChannelLast.doubled(g, half, "3", config.dim() / 8), maps.highResolution0());
        return g.elementwise(fine, Function.GELU);
    }
}
