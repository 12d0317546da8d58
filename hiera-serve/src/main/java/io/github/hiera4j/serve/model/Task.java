package io.github.hiera4j.serve.model;

import java.util.Locale;

/** A task that a model can perform on an upload. */
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
    /** The reconstruction of a masked view by an autoencoder. */
    RECONSTRUCT,
    /** How queries distribute their attention. */
    ATTENTION;

    /** {@return the name in paths and JSON: {@code classify}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
