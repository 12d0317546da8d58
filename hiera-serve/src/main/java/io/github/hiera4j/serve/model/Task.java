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
    SEGMENT;

    /** {@return the name in addresses and JSON: {@code classify}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
