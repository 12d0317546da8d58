package io.github.hiera4j.train.data;

import io.github.hiera4j.model.tensor.HostTensor;

/**
 * Samples that are shown together.
 *
 * @param pixels float32 {@code [B, 3, (frames,) height, width]}
 * @param labels class of each sample
 * @param indices of the samples in their source; the replacement of a damaged sample has its own
 */
public record Batch(HostTensor pixels, int[] labels, int[] indices) {
    public int size() {
        return labels.length;
    }
}
