package io.github.hiera4j.train.data;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;

/**
 * Samples that are processed together.
 *
 * @param pixels float32 {@code [B, 3, (frames,) height, width]}
 * @param labels class of each sample
 * @param indices of the samples in their source; the replacement of a damaged sample has its own index
 * @param placements which part of its frames each sample shows; empty if the transform does not report it
 * @param rows which rows of a larger batch these are, if several processes share it
 */
public record Batch(HostTensor pixels, int[] labels, int[] indices, List<Placement> placements, BatchRows rows) {
    /**
     * Copies the collections.
     *
     * @param pixels float32 {@code [B, 3, (frames,) height, width]}
     * @param labels class of each sample
     * @param indices of the samples in their source; the replacement of a damaged sample has its own index
     * @param placements which part of its frames each sample shows; empty if the transform does not report it
     * @param rows which rows of a larger batch these are
     */
    public Batch {
        placements = List.copyOf(placements);
    }

    /**
     * Creates a whole batch.
     *
     * @param pixels float32 {@code [B, 3, (frames,) height, width]}
     * @param labels class of each sample
     * @param indices of the samples in their source
     * @param placements which part of its frames each sample shows; empty if the transform does not report it
     */
    public Batch(HostTensor pixels, int[] labels, int[] indices, List<Placement> placements) {
        this(pixels, labels, indices, placements, BatchRows.all(labels.length));
    }

    /**
     * Creates a batch whose transform does not report which part of the frames it shows.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised
     * @param labels one class per sample
     * @param indices positions of the samples in their source
     */
    public Batch(HostTensor pixels, int[] labels, int[] indices) {
        this(pixels, labels, indices, List.of());
    }

    /** {@return number of samples} */
    public int size() {
        return labels.length;
    }
}
