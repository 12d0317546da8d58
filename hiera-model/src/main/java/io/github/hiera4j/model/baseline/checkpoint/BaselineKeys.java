package io.github.hiera4j.model.baseline.checkpoint;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises a network by the tensor names of a file and translates them to those of the released code. */
final class BaselineKeys {
    /** The source of a naming convention. */
    enum Kind {
        /** ViT of timm and of the released masked autoencoder, which share names. */
        VIT,
        /** ViT of transformers. */
        TRANSFORMERS_VIT,
        /** MViTv2 of timm. */
        TIMM_MVITV2,
        /** MViTv2 of PySlowFast. */
        MVITV2,
        /** Anything else, including Hiera. */
        OTHER
    }

    /** The parts of a joined tensor. */
    static final List<String> JOINED = List.of("query", "key", "value");

    private static final Pattern TIMM_BLOCK = Pattern.compile("stages\\.(\\d{1,3})\\.blocks\\.(\\d{1,4})\\.(.+)");
    private static final Pattern LAYER = Pattern.compile("(?:encoder\\.layer|layers)\\.(\\d{1,4})\\.(.+)");
    private static final Pattern DECODER_LAYER =
            Pattern.compile("decoder\\.decoder_(?:layers|encoder\\.layer)\\.(\\d{1,4})\\.(.+)");

    private static final Map<String, String> INSIDE_A_LAYER = Map.ofEntries(
            Map.entry("layernorm_before", "norm1"),
            Map.entry("layernorm_after", "norm2"),
            Map.entry("attention.attention.query", "attn.query"),
            Map.entry("attention.attention.key", "attn.key"),
            Map.entry("attention.attention.value", "attn.value"),
            Map.entry("attention.q_proj", "attn.query"),
            Map.entry("attention.k_proj", "attn.key"),
            Map.entry("attention.v_proj", "attn.value"),
            Map.entry("attention.output.dense", "attn.proj"),
            Map.entry("attention.o_proj", "attn.proj"),
            Map.entry("intermediate.dense", "mlp.fc1"),
            Map.entry("output.dense", "mlp.fc2"),
            Map.entry("mlp.fc1", "mlp.fc1"),
            Map.entry("mlp.fc2", "mlp.fc2"));

    private static final Map<String, String> OUTSIDE = Map.ofEntries(
            Map.entry("embeddings.cls_token", "cls_token"),
            Map.entry("embeddings.position_embeddings", "pos_embed"),
            Map.entry("embeddings.patch_embeddings.projection.weight", "patch_embed.proj.weight"),
            Map.entry("embeddings.patch_embeddings.projection.bias", "patch_embed.proj.bias"),
            Map.entry("layernorm.weight", "norm.weight"),
            Map.entry("layernorm.bias", "norm.bias"),
            Map.entry("classifier.weight", "head.weight"),
            Map.entry("classifier.bias", "head.bias"),
            Map.entry("decoder.decoder_embed.weight", "decoder_embed.weight"),
            Map.entry("decoder.decoder_embed.bias", "decoder_embed.bias"),
            Map.entry("decoder.mask_token", "mask_token"),
            Map.entry("decoder.decoder_pos_embed", "decoder_pos_embed"),
            Map.entry("decoder.decoder_norm.weight", "decoder_norm.weight"),
            Map.entry("decoder.decoder_norm.bias", "decoder_norm.bias"),
            Map.entry("decoder.decoder_pred.weight", "decoder_pred.weight"),
            Map.entry("decoder.decoder_pred.bias", "decoder_pred.bias"));

    private BaselineKeys() {}

    /** Recognises networks by names that do not occur in Hiera: a class token without pooling, or convolutions that pool. */
    static Kind kind(Collection<String> names) {
        if (names.stream().anyMatch(name -> TIMM_BLOCK.matcher(name).matches() && name.contains(".attn.pool_q."))) {
            return Kind.TIMM_MVITV2;
        }
        if (names.stream().anyMatch(name -> name.startsWith("blocks.") && name.contains(".attn.rel_pos_h"))
                && names.contains("blocks.0.attn.pool_q.weight")) {
            return Kind.MVITV2;
        }
        if (names.contains("cls_token") && names.contains("blocks.0.attn.qkv.weight")) {
            return Kind.VIT;
        }
        return names.stream().map(BaselineKeys::withoutModel).anyMatch("embeddings.cls_token"::equals)
                ? Kind.TRANSFORMERS_VIT
                : Kind.OTHER;
    }

    /** Strips transformers' prefix {@code vit.}. */
    private static String withoutModel(String name) {
        return name.startsWith("vit.") ? name.substring("vit.".length()) : name;
    }

    /** Returns the released names of the tensors, mapped to the names in the file; an unknown name stays unchanged. */
    static Map<String, String> released(Kind kind, Map<String, String> bareToFile) {
        Map<String, String> released = new LinkedHashMap<>();
        Map<Integer, Integer> depths = kind == Kind.TIMM_MVITV2 ? depths(bareToFile.keySet()) : Map.of();
        bareToFile.forEach((bare, file) -> {
            String name = switch (kind) {
                case TIMM_MVITV2 -> timm(bare, depths);
                case TRANSFORMERS_VIT -> transformers(withoutModel(bare));
                default -> bare;
            };
            released.put(name, file);
        });
        return released;
    }

    /** Returns the number of blocks in each stage, from the largest block number. */
    private static Map<Integer, Integer> depths(Collection<String> names) {
        Map<Integer, Integer> depths = new TreeMap<>();
        for (String name : names) {
            Matcher block = TIMM_BLOCK.matcher(name);
            if (block.matches()) {
                depths.merge(Integer.parseInt(block.group(1)), Integer.parseInt(block.group(2)) + 1, Math::max);
            }
        }
        return depths;
    }

    private static String timm(String bare, Map<Integer, Integer> depths) {
        if (bare.startsWith("head.fc.")) {
            return bare.replace("head.fc.", "head.projection.");
        }
        Matcher block = TIMM_BLOCK.matcher(bare);
        if (!block.matches()) {
            return bare;
        }
        int stage = Integer.parseInt(block.group(1));
        int before = depths.entrySet().stream()
                .filter(entry -> entry.getKey() < stage)
                .mapToInt(Map.Entry::getValue)
                .sum();
        String inside = block.group(3).replaceFirst("^shortcut_proj_(attn|mlp)\\.", "proj.");
        return "blocks." + (before + Integer.parseInt(block.group(2))) + "." + inside;
    }

    private static String transformers(String bare) {
        Matcher decoder = DECODER_LAYER.matcher(bare);
        if (decoder.matches()) {
            return "decoder_blocks." + decoder.group(1) + "." + inside(decoder.group(2));
        }
        Matcher layer = LAYER.matcher(bare);
        if (layer.matches()) {
            return "blocks." + layer.group(1) + "." + inside(layer.group(2));
        }
        return OUTSIDE.getOrDefault(bare, bare);
    }

    private static String inside(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return name;
        }
        String module = name.substring(0, dot);
        return INSIDE_A_LAYER.getOrDefault(module, module) + name.substring(dot);
    }
}
