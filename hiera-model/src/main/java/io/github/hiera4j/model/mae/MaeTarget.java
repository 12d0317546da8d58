package io.github.hiera4j.model.mae;

/** What the decoder of a masked autoencoder predicts of every hidden patch (paper Table 3e). */
public enum MaeTarget {
    /** Pixels, normalised patch by patch: as published. */
    NORMALISED_PIXELS,
    /** Pixels as the encoder is fed them. */
    PIXELS,
    /** Histograms of oriented gradients: see {@link HogTargets}. */
    HOG
}
