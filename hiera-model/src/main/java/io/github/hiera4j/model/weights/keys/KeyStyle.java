package io.github.hiera4j.model.weights.keys;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.io.Printable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** The three naming conventions for Hiera's tensors in checkpoints. */
public enum KeyStyle {
    /** The paper's release: {@code blocks.0.norm1.weight}, {@code head.projection.weight}. */
    OFFICIAL,
    /** timm: the official names except for {@code head.fc} and {@code head.norm}; abs-win models add {@code pos_embed_win} and {@code ls1.gamma}. */
    TIMM,
    /** transformers: {@code hiera.encoder.stages.0.layers.0.layernorm_before.weight}, {@code classifier.weight}. */
    TRANSFORMERS;

    /**
     * Recognises the style by its characteristic names; throws a {@code HieraException} if they are not those of a Hiera.
     *
     * @param names names of tensors in the file
     * @return the style
     */
    public static KeyStyle detect(Collection<String> names) {
        String transformers = "embeddings.patch_embeddings.projection.weight";
        if (names.contains(transformers) || names.contains("hiera." + transformers)) {
            return TRANSFORMERS;
        }
        if (names.stream().anyMatch(name -> name.startsWith("head.fc.") || name.startsWith("head.norm."))) {
            return TIMM;
        }
        if (names.contains("patch_embed.proj.weight")) {
            return OFFICIAL;
        }
        throw notHiera(names);
    }

    static HieraException notHiera(Collection<String> names) {
        return new UnsupportedException(
                "not a Hiera model: expected a tensor 'patch_embed.proj.weight', or transformers'"
                        + " 'hiera.embeddings.patch_embeddings.projection.weight'; the first tensor is "
                        + names.stream()
                                .findFirst()
                                .map(name -> "'" + Printable.of(name) + "'")
                                .orElse("missing"));
    }

    /**
     * Finds a style by its name in commands: official, timm or transformers.
     *
     * @param label the label used in files and commands
     * @return the style
     */
    public static KeyStyle parse(String label) {
        return Arrays.stream(values())
                .filter(style -> style.label().equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new HieraException(
                        "unknown key style '" + Printable.of(label) + "': expected official, timm or transformers"));
    }

    /** {@return the name used in commands} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
