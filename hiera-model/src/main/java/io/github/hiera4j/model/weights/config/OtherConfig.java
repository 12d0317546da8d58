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
import tools.jackson.databind.JsonNode;

/**
 * A {@code config.json} beside the weights of ViT or MViTv2, from timm, transformers or this library. It provides what shapes do not
 * determine; a setting that would change results and is not supported is rejected by name.
 */
public final class OtherConfig {
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
     * @return the description; empty if there is no file
     * @throws io.github.hiera4j.model.HieraException if it requests something that is not supported
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

    /** Checks that every setting is supported, cannot change results, or has the only supported value. */
    private void requireSupported() {
        if (isOfTimm()) {
            if (fields.has("pretrained_cfg")) {
                Settings.TIMM.check(fields);
            }
            Settings.TIMM_PRETRAINED.check(pretrained);
            Settings.TIMM_OTHER_ARGUMENTS.check(arguments);
        } else if (fields.has("model_type") || fields.has("architectures")) {
            Settings.TRANSFORMERS_VIT.check(fields);
        } else {
            Settings.OFFICIAL.check(fields);
        }
    }

    private boolean isOfTimm() {
        return fields.has("architecture") || fields.has("pretrained_cfg") || fields.has("model_args");
    }

    /**
     * Rejects a timm file that pools tokens differently from the model.
     *
     * @param expected {@code avg} or {@code token}
     * @throws io.github.hiera4j.model.UnsupportedException if it requests another
     */
    public void requirePooling(String expected) {
        for (ConfigFields place : isOfTimm() ? List.of(fields, arguments) : List.<ConfigFields>of()) {
            String pooling = place.text("global_pool", expected);
            checkSupported(
                    pooling.equals(expected),
                    "%sglobal_pool is %s, which changes results and is not supported with these tensors: expected %s",
                    place.source(),
                    Printable.of(pooling),
                    expected);
        }
    }

    /** {@return whether the file was written by this library and describes a rung of the ladder} */
    public boolean namesRung() {
        return fields.has(AblationFields.RUNG);
    }

    /**
     * {@return a whole number at the top level of the file}
     *
     * @param name the name of the setting
     */
    public Optional<Integer> integer(String name) {
        return fields.has(name) ? Optional.of(fields.integer(name, 0)) : Optional.empty();
    }

    /** {@return the number of heads in timm's {@code model_args}} */
    public Optional<Integer> timmHeads() {
        return arguments.has("num_heads") ? Optional.of(arguments.integer("num_heads", 0)) : Optional.empty();
    }

    /** {@return the epsilon that is added to variances} */
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
     * {@return how pictures are prepared, if it is timm's file and specifies it}
     *
     * @param size height and width of the input
     */
    public Optional<PreprocessHints> preprocess(List<Integer> size) {
        return TimmConfig.hints(pretrained, size);
    }

    /** {@return names of the classes by index; empty if the file has none} */
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
