package io.github.hiera4j.serve.model;

import java.util.Locale;

/** What a model can do with an upload. */
public enum Task {
    /** The likeliest classes. */
    CLASSIFY,
    /** An embedding. */
    EMBED,
    /** Feature maps of the stages. */
    FEATURES,
    /** Masks of objects. */
    SEGMENT,
    /** Classes, boxes and masks of objects. */
    DETECT,
    /** What an autoencoder makes of a masked view. */
    RECONSTRUCT,
    /** How queries spread their attention. */
    ATTENTION;

    /** {@return the name in addresses and JSON: {@code classify}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
