package io.github.hiera4j.model.weights.keys;

import java.util.List;

/** timm's names: official except for the head. In {@code .mae} files {@code head.norm} is the autoencoder's encoder norm. */
public final class TimmKeys {
    private static final List<String> DECODER =
            List.of("decoder_", "mask_token", "multi_scale_fusion_heads.", "decoder_blocks.");

    private TimmKeys() {}

    static String toOfficial(String name) {
        return name.startsWith("head.fc.")
                ? "head.projection." + name.substring("head.fc.".length())
                : name.startsWith("head.norm.") ? name.substring("head.".length()) : name;
    }

    static String fromOfficial(String name) {
        if (name.startsWith("head.projection.")) {
            return "head.fc." + name.substring("head.projection.".length());
        }
        if (name.startsWith("encoder_norm.")) {
            return "head." + name.substring("encoder_".length());
        }
        return name.startsWith("norm.") ? "head." + name : name;
    }

    /** Returns whether a tensor belongs to a masked autoencoder, but not to its encoder. */
    static boolean isDecoder(String official) {
        return DECODER.stream().anyMatch(official::startsWith);
    }
}
