package io.github.hiera4j.model.baseline.pooling;

/**
 * The settings of pooling and attention that all blocks of a model share.
 *
 * @param byConvolution whether to pool by depthwise convolution and LayerNorm; otherwise by maximum
 * @param keepsStrideOne whether pooling with stride 1 is applied
 * @param zeroPadded whether max-pooling reads zeros outside its group
 * @param depth size of the pooling kernel in time: 3 for videos, 1 for images
 * @param mixesFrames whether groups are frames, across which convolutions extend
 * @param relativePositions whether scores have relative-position terms
 * @param addsQueryOfClassToken whether the query is added for the class token too, as for all other tokens
 * @param epsilon the epsilon of every LayerNorm
 */
public record PoolingStyle(
        boolean byConvolution,
        boolean keepsStrideOne,
        boolean zeroPadded,
        int depth,
        boolean mixesFrames,
        boolean relativePositions,
        boolean addsQueryOfClassToken,
        double epsilon) {}
