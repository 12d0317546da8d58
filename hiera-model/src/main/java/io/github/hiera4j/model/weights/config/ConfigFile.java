package io.github.hiera4j.model.weights.config;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A {@code config.json} that describes a Hiera, in the layout of the official hub, transformers or timm.
 *
 * @param style its layout
 * @param config the model
 * @param preprocess how to prepare images, if the file specifies it
 * @param classNames names of the classes by index; empty if the file has only placeholders, or does not name every class
 */
public record ConfigFile(
        KeyStyle style, ModelConfig config, Optional<PreprocessHints> preprocess, List<String> classNames) {
    /**
     * Copies the collections.
     *
     * @param style its layout
     * @param config the model
     * @param preprocess how to prepare images, if the file specifies it
     * @param classNames names of the classes by index; empty if the file has only placeholders, or does not name every class
     */
    public ConfigFile {
        classNames = classNames.size() == config.encoder().numClasses() ? List.copyOf(classNames) : List.of();
    }

    /** Returns whether a JSON file looks like one of the three layouts. */
    static Optional<KeyStyle> styleOf(JsonNode root) {
        if (root.path("architecture").asString("").startsWith("hiera")) {
            return Optional.of(KeyStyle.TIMM);
        }
        if (root.path("model_type").asString("").equals("hiera") || root.has("masked_unit_size")) {
            return Optional.of(KeyStyle.TRANSFORMERS);
        }
        return OfficialConfig.matches(root) ? Optional.of(KeyStyle.OFFICIAL) : Optional.empty();
    }

    /**
     * Reads the description of a model whose tensors are known. The tensors determine what the file does not state: whether it is a
     * masked autoencoder, and the number of classes.
     *
     * @param file the file
     * @param weights the model's tensors under their official names
     * @return the description; empty if the file does not describe a Hiera
     */
    public static Optional<ConfigFile> read(Path file, WeightSource weights) {
        JsonNode root = Json.read(file);
        if (!root.isObject()) {
            return Optional.empty();
        }
        ConfigFields fields = new ConfigFields(file + ": ", root);
        try {
            return styleOf(root).map(style -> switch (style) {
                case OFFICIAL -> official(fields, weights);
                case TIMM -> TimmConfig.read(fields, weights);
                case TRANSFORMERS -> TransformersConfig.read(fields, weights);
            });
        } catch (HieraException e) {
            boolean named = e.getMessage().startsWith(file.toString());
            throw named ? e : e.withMessage(file + ": " + e.getMessage());
        } catch (ArithmeticException e) {
            throw new HieraException(file + ": describes a model that is too large: " + e.getMessage(), e);
        }
    }

    private static ConfigFile official(ConfigFields fields, WeightSource weights) {
        Settings.OFFICIAL.check(fields);
        HieraConfigBuilder encoder = OfficialConfig.encoder(fields).numClasses(classes(fields, weights));
        if (!fields.has("final_norm")) {
            encoder.finalNorm(isMae(weights) || hasFinalNorm(weights));
        }
        if (!fields.has("sep_pos_embed")) {
            encoder.sepPosEmbed(weights.contains("pos_embed_spatial"));
        }
        ModelConfig config = OfficialConfig.onRung(
                fields, isMae(weights) ? OfficialConfig.autoencoder(fields, encoder) : encoder.build());
        return new ConfigFile(KeyStyle.OFFICIAL, config, Optional.empty(), List.of());
    }

    static boolean isMae(WeightSource weights) {
        return weights.contains("decoder_pred.weight") || weights.contains("decoder_embed.weight");
    }

    /** Returns whether the tensors include any after the last stage. */
    static boolean hasFinalNorm(WeightSource weights) {
        return weights.names().stream().anyMatch(name -> name.startsWith("norm.") || name.startsWith("head."));
    }

    /** Returns the number of classes: 0 if the weights have no head, otherwise that of the file, otherwise that of the weights. */
    static int classes(ConfigFields fields, WeightSource weights) {
        if (!weights.contains("head.projection.weight")) {
            return 0;
        }
        int outputs = weights.info("head.projection.weight").shape().size(0);
        return fields.integer("num_classes", fields.integer("num_labels", outputs));
    }

    /** Returns the names by index from {@code id2label}; empty if they are missing, incomplete or only placeholders. */
    static List<String> classNames(Map<String, String> byIndex) {
        List<String> names = new ArrayList<>();
        for (int index = 0; index < byIndex.size(); index++) {
            String name = byIndex.get(Integer.toString(index));
            if (name == null) {
                return List.of();
            }
            names.add(name);
        }
        boolean placeholders = names.stream().allMatch(name -> name.matches("LABEL_\\d+"));
        return placeholders ? List.of() : names;
    }
}
