package io.github.hiera4j.model.weights.keys;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.io.Printable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** The three vocabularies in which checkpoints name Hiera's tensors. */
public enum KeyStyle {
    /** The paper's release: {@code blocks.0.norm1.weight}, {@code head.projection.weight}. */
    OFFICIAL,
    /** timm: the official names but for the head ({@code head.fc}, {@code head.norm}), and in its abs-win models {@code pos_embed_win} and {@code ls1.gamma}. */
    TIMM,
    /** transformers: {@code hiera.encoder.stages.0.layers.0.layernorm_before.weight}, {@code classifier.weight}. */
    TRANSFORMERS;

    /**
     * Recognises the style by its characteristic names; throws a {@code HieraException} if they are of no Hiera.
     *
     * @param names names of tensors as they are in the file
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
     * Finds a style by the name that commands use: official, timm or transformers.
     *
     * @param label as files and commands write it
     * @return the style
     */
    public static KeyStyle parse(String label) {
        return Arrays.stream(values())
                .filter(style -> style.label().equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new HieraException(
                        "unknown key style '" + Printable.of(label) + "': expected official, timm or transformers"));
    }

    /** {@return the name that commands use} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
