package io.github.hiera4j.model.weights.keys;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of transformers' Hiera: blocks counted within their stage, norms named by their position, the encoder under
 * {@code hiera.} unless the file is a bare {@code HieraModel}.
 */
public final class TransformersKeys {
    private static final int MOST_BLOCKS = 1000;

    private static final Pattern LAYER =
            Pattern.compile("(?:hiera\\.)?encoder\\.stages\\.(\\d{1,4})\\.layers\\.(\\d{1,4})\\.(.+)");
    private static final Pattern DECODER_LAYER = Pattern.compile("decoder\\.decoder_block\\.layers\\.(\\d{1,4}\\..+)");
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d{1,4})\\.(.+)");
    private static final Pattern DECODER_BLOCK = Pattern.compile("decoder_blocks\\.(\\d{1,4}\\..+)");

    /** Official prefixes of names and the corresponding prefixes of transformers; those of the encoder are under {@code hiera.}. */
    private static final Map<String, String> PREFIXES = prefixes();

    private TransformersKeys() {}

    /** Returns the index of each stage's first block, counted from the names: the largest layer number of a stage is that of its last block. */
    static List<Integer> stageStarts(Collection<String> names) {
        Map<Integer, Integer> sizes = new LinkedHashMap<>();
        for (String name : names) {
            Matcher layer = LAYER.matcher(name);
            if (layer.matches()) {
                int size = Integer.parseInt(layer.group(2)) + 1;
                sizes.merge(Integer.parseInt(layer.group(1)), size, Math::max);
            }
        }
        List<Integer> starts = new ArrayList<>();
        int next = 0;
        for (int stage = 0; stage < sizes.size(); stage++) {
            check(sizes.containsKey(stage), "the tensors have %d stages, but not stage %d", sizes.size(), stage);
            starts.add(next);
            next += sizes.getOrDefault(stage, 0);
            check(next <= MOST_BLOCKS, "the tensors have more than %d blocks", MOST_BLOCKS);
        }
        return starts;
    }

    /** Returns whether a norm is one that a {@code HieraBackbone} applies to its outputs for a detector: not part of the encoder. */
    static boolean isBackboneNorm(String name) {
        return name.startsWith("hidden_states_norms.");
    }

    static String toOfficial(String name, List<Integer> stageStarts) {
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            int block = stageStarts.get(Integer.parseInt(layer.group(1))) + Integer.parseInt(layer.group(2));
            return "blocks." + block + "." + officialNorms(layer.group(3));
        }
        Matcher decoderLayer = DECODER_LAYER.matcher(name);
        if (decoderLayer.matches()) {
            return "decoder_blocks." + officialNorms(decoderLayer.group(1));
        }
        for (Map.Entry<String, String> entry : PREFIXES.entrySet()) {
            String prefix = entry.getValue();
            Optional<String> rest = rest(name, prefix)
                    .or(() -> prefix.startsWith("hiera.") ? rest(name, prefix.substring(6)) : Optional.empty());
            if (rest.isPresent()) {
                return entry.getKey() + rest.get();
            }
        }
        return name;
    }

    /** @param headless true for a bare {@code HieraModel}, whose names have no prefix {@code hiera.} */
    static String fromOfficial(String name, List<Integer> stages, boolean headless) {
        String full = fromOfficial(name, stages);
        return headless && full.startsWith("hiera.") ? full.substring("hiera.".length()) : full;
    }

    private static String fromOfficial(String name, List<Integer> stages) {
        Matcher block = BLOCK.matcher(name);
        if (block.matches() && !block.group(2).startsWith("ls")) {
            int index = Integer.parseInt(block.group(1));
            for (int stage = 0; stage < stages.size(); stage++) {
                if (index < stages.get(stage)) {
                    String layer = index + "." + transformersNorms(block.group(2));
                    return "hiera.encoder.stages." + stage + ".layers." + layer;
                }
                index -= stages.get(stage);
            }
        }
        Matcher decoderBlock = DECODER_BLOCK.matcher(name);
        if (decoderBlock.matches()) {
            return "decoder.decoder_block.layers." + transformersNorms(decoderBlock.group(1));
        }
        return PREFIXES.entrySet().stream()
                .flatMap(entry -> rest(name, entry.getKey()).map(rest -> entry.getValue() + rest).stream())
                .findFirst()
                .orElseThrow(() -> new HieraException(
                        "transformers has no name for '" + name + "': write official or timm keys instead"));
    }

    /** Returns the rest of a name after a prefix that ends with a dot, or an empty string if the prefix is the whole name. */
    private static Optional<String> rest(String name, String prefix) {
        boolean isWhole = name.equals(prefix);
        boolean isPrefix = prefix.endsWith(".") && name.startsWith(prefix);
        return isWhole || isPrefix ? Optional.of(name.substring(prefix.length())) : Optional.empty();
    }

    private static String officialNorms(String name) {
        return name.replace("layernorm_before.", "norm1.").replace("layernorm_after.", "norm2.");
    }

    private static String transformersNorms(String name) {
        return name.replace("norm1.", "layernorm_before.").replace("norm2.", "layernorm_after.");
    }

    private static Map<String, String> prefixes() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("pos_embed", "hiera.embeddings.position_embeddings");
        names.put("patch_embed.proj.", "hiera.embeddings.patch_embeddings.projection.");
        names.put("norm.", "hiera.pooler.layernorm.");
        names.put("head.projection.", "classifier.");
        names.put("encoder_norm.", "encoder_norm.");
        names.put("multi_scale_fusion_heads.", "multiscale_fusion.multi_scale_fusion_heads.");
        names.put("decoder_embed.", "decoder.decoder_embeddings.");
        names.put("mask_token", "decoder.mask_token");
        names.put("decoder_pos_embed", "decoder.decoder_position_embeddings");
        names.put("decoder_norm.", "decoder.decoder_norm.");
        names.put("decoder_pred.", "decoder.decoder_pred.");
        return names;
    }
}
