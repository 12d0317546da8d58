package io.github.hiera4j.api.segment;

import io.github.hiera4j.model.sam.ImageFeatures;

/**
 * An image that a {@link HieraSegmenter} has encoded. Prompts are answered from it without processing the pixels again. It takes 17 MB
 * of memory for the published models, which is freed with the last reference to it.
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

    /** {@return the size of the features in bytes} */
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
