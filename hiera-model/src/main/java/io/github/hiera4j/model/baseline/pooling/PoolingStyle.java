package io.github.hiera4j.model.baseline.pooling;

/**
 * How the blocks of a model pool and attend, the same in all of them.
 *
 * @param byConvolution depthwise convolutions and LayerNorm; otherwise maxima
 * @param keepsStrideOne whether a pooling with stride 1 takes place
 * @param zeroPadded whether maxima read zeros outside their group
 * @param depth taps of the pooling kernel in time: 3 for videos, 1 for images
 * @param mixesFrames whether groups are frames, over which convolutions reach
 * @param relativePositions whether scores have relative-position terms
 * @param addsQueryOfClassToken whether the class token gets its query added, as all others do
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
