package io.github.hiera4j.model.mae;

/** The prediction target of a masked autoencoder's decoder for every hidden patch (paper Table 3e). */
public enum MaeTarget {
    /** Pixels, normalised per patch, as published. */
    NORMALISED_PIXELS,
    /** Pixels as in the encoder's input. */
    PIXELS,
    /** Histograms of oriented gradients: see {@link HogTargets}. */
    HOG
}
