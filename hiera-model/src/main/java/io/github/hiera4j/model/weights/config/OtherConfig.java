package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A {@code config.json} beside the weights of ViT or MViTv2: of timm, of transformers or of this library. It completes what shapes do not
 * say; a setting that would change results and is not supported is refused by its name.
 */
public final class OtherConfig {
    private static final Set<String> TIMM_ARGUMENTS = Set.of(
            "img_size",
            "patch_size",
            "embed_dim",
            "embed_dims",
            "depth",
            "depths",
            "num_heads",
            "num_classes",
            "in_chans",
            "global_pool",
            "drop_rate",
            "drop_path_rate",
            "expand_attn",
            "use_cls_token");

    private final ConfigFields fields;
    private final ConfigFields arguments;
    private final ConfigFields pretrained;

    private OtherConfig(ConfigFields fields) {
        this.fields = fields;
        arguments = fields.object("model_args");
        pretrained = fields.has("pretrained_cfg") ? fields.object("pretrained_cfg") : fields;
    }

    /**
     * Reads a file.
     *
     * @param file the {@code config.json}
     * @return empty if there is none
     * @throws io.github.hiera4j.model.HieraException if it asks for what is not supported
     */
    public static Optional<OtherConfig> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonNode root = Json.read(file);
        if (!root.isObject()) {
            return Optional.empty();
        }
        OtherConfig config = new OtherConfig(new ConfigFields(file + ": ", root));
        config.requireSupported();
        return Optional.of(config);
    }

    private void requireSupported() {
        String activation = fields.text("hidden_act", "gelu");
        checkSupported(
                activation.equals("gelu"),
                "%shidden_act is %s, which changes results and is not supported: expected gelu",
                fields.source(),
                Printable.of(activation));
        checkSupported(
                !fields.has("qkv_bias") || fields.node("qkv_bias").asBoolean(true),
                "%sqkv_bias is false, which changes results and is not supported",
                fields.source());
        for (String name : arguments.fieldNames()) {
            checkSupported(
                    TIMM_ARGUMENTS.contains(name),
                    "%sthe setting %s is not known and may change results; remove it if it does not",
                    arguments.source(),
                    Printable.of(name));
        }
    }

    /** {@return whether the file is of this library and describes a rung of the ladder} */
    public boolean namesRung() {
        return fields.has(AblationFields.RUNG);
    }

    /**
     * {@return a whole number at the top of the file}
     *
     * @param name of the setting
     */
    public Optional<Integer> integer(String name) {
        return fields.has(name) ? Optional.of(fields.integer(name, 0)) : Optional.empty();
    }

    /** {@return heads that timm's {@code model_args} name} */
    public Optional<Integer> timmHeads() {
        return arguments.has("num_heads") ? Optional.of(arguments.integer("num_heads", 0)) : Optional.empty();
    }

    /** {@return what is added to variances} */
    public Optional<Double> layerNormEpsilon() {
        return fields.has("layer_norm_eps") ? Optional.of(fields.number("layer_norm_eps", 0)) : Optional.empty();
    }

    /** {@return height and width of the input} */
    public Optional<List<Integer>> inputSize() {
        for (Map.Entry<String, ConfigFields> place : Map.of(
                        "image_size", fields, "img_size", arguments, "input_size", pretrained)
                .entrySet()) {
            if (place.getValue().has(place.getKey())) {
                JsonNode node = place.getValue().node(place.getKey());
                List<Integer> size = node.isArray()
                        ? place.getValue().integers(place.getKey())
                        : List.of(place.getValue().integer(place.getKey(), 0));
                return Optional.of(
                        size.size() == 1
                                ? List.of(size.get(0), size.get(0))
                                : size.subList(size.size() - 2, size.size()));
            }
        }
        return Optional.empty();
    }

    /**
     * {@return how pictures are prepared, where timm's file says so}
     *
     * @param size height and width of the input
     */
    public Optional<PreprocessHints> preprocess(List<Integer> size) {
        return TimmConfig.hints(pretrained, size);
    }

    /** {@return names of the classes by index; empty where the file has none} */
    public List<String> classNames() {
        List<String> labels = fields.texts("label_names");
        if (!labels.isEmpty() || !fields.has("id2label")) {
            return labels.isEmpty() ? pretrained.texts("label_names") : labels;
        }
        Map<String, String> byIndex = new LinkedHashMap<>();
        fields.node("id2label").forEachEntry((index, name) -> byIndex.put(index, name.asString("")));
        return ConfigFile.classNames(byIndex);
    }
}
