package io.github.hiera4j.serve.model;

import java.util.Locale;

/** What a model can do with an upload. */
public enum Task {
    CLASSIFY,
    EMBED,
    FEATURES,
    SEGMENT,
    DETECT,
    RECONSTRUCT,
    ATTENTION;

    /** The name in addresses and JSON: {@code classify}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
