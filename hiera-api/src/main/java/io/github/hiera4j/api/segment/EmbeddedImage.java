package io.github.hiera4j.api.segment;

import io.github.hiera4j.model.sam.ImageFeatures;

/**
 * An image that a {@link HieraSegmenter} has encoded: prompts are answered from it without looking at the pixels again. As many
 * may be kept as memory allows, 17 MB each for the published models; it is freed with the last reference to it.
 */
public final class EmbeddedImage {
    private final HieraSegmenter owner;
    private final int height;
    private final int width;
    private final ImageFeatures features;

    EmbeddedImage(HieraSegmenter owner, int height, int width, ImageFeatures features) {
        this.owner = owner;
        this.height = height;
        this.width = width;
        this.features = features;
    }

    /** {@return rows of the original image} */
    public int height() {
        return height;
    }

    /** {@return columns of the original image} */
    public int width() {
        return width;
    }

    /** {@return bytes that the features take} */
    public long bytes() {
        return features.bytes();
    }

    ImageFeatures features() {
        return features;
    }

    boolean isOf(HieraSegmenter segmenter) {
        return owner == segmenter;
    }
}
