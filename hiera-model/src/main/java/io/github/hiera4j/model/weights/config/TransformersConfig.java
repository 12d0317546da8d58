package io.github.hiera4j.model.weights.config;

import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the layout of transformers' {@code HieraConfig}. */
public final class TransformersConfig {
    private TransformersConfig() {}

    static ConfigFile read(ConfigFields fields, WeightSource weights) {
        Settings.TRANSFORMERS.check(fields);
        HieraConfigBuilder encoder = HieraConfig.image();
        fields.ifSizes("image_size", encoder::inputSize);
        fields.ifInteger("num_channels", encoder::inChans);
        fields.ifInteger("embed_dim", encoder::embedDim);
        fields.ifIntegers("depths", encoder::stages);
        fields.ifInteger("num_query_pool", encoder::qPool);
        fields.ifSizes("query_stride", encoder::qStride);
        fields.ifSizes("masked_unit_size", encoder::maskUnitSize);
        fields.ifBooleans("masked_unit_attention", encoder::maskUnitAttn);
        fields.ifNumber("embed_dim_multiplier", encoder::dimMul);
        fields.ifSizes("patch_size", encoder::patchKernel);
        fields.ifSizes("patch_stride", encoder::patchStride);
        fields.ifSizes("patch_padding", encoder::patchPadding);
        fields.ifNumber("mlp_ratio", encoder::mlpRatio);
        fields.ifNumber("drop_path_rate", encoder::dropPathRate);
        fields.ifNumber("layer_norm_eps", encoder::layerNormEps);
        fields.ifIntegers("num_heads", heads -> readHeads(fields, heads, encoder));
        encoder.numClasses(ConfigFile.classes(fields, weights));
        encoder.finalNorm(ConfigFile.isMae(weights) || ConfigFile.hasFinalNorm(weights));
        return new ConfigFile(
                KeyStyle.TRANSFORMERS, model(fields, encoder, weights), Optional.empty(), classNames(fields));
    }

    /** Converts the heads of every stage, which transformers lists, to Hiera's factor at each transition. */
    private static void readHeads(ConfigFields fields, List<Integer> heads, HieraConfigBuilder encoder) {
        if (heads.isEmpty() || heads.get(0) < 1) {
            throw fields.fault("num_heads must have the heads of every stage, got " + heads);
        }
        double factor = heads.size() > 1 ? (double) heads.get(1) / heads.get(0) : 2.0;
        double expected = heads.get(0);
        for (int stage : heads) {
            if (stage != expected) {
                throw fields.fault("num_heads must increase by the same factor from stage to stage, got " + heads);
            }
            expected = (int) (expected * factor);
        }
        encoder.numHeads(heads.get(0)).headMul(factor);
    }

    /** Returns the heads of every stage, as in transformers. */
    static List<Integer> stageHeads(HieraConfig config) {
        List<Integer> heads = new ArrayList<>();
        int next = config.numHeads();
        for (int stage = 0; stage < config.stages().size(); stage++) {
            heads.add(next);
            next = (int) (next * config.headMul());
        }
        return heads;
    }

    private static ModelConfig model(ConfigFields fields, HieraConfigBuilder encoder, WeightSource weights) {
        if (!ConfigFile.isMae(weights)) {
            return encoder.build();
        }
        if (!fields.bool("normalize_pixel_loss", true)) {
            throw fields.fault(
                    "normalize_pixel_loss is false, which changes results and is not supported: expected true");
        }
        return new MaeConfig(
                encoder.numClasses(0).build(),
                fields.integer("decoder_hidden_size", 512),
                fields.integer("decoder_depth", 8),
                fields.integer("decoder_num_heads", 16));
    }

    private static List<String> classNames(ConfigFields fields) {
        Map<String, String> names = new LinkedHashMap<>();
        fields.node("id2label")
                .properties()
                .forEach(entry -> names.put(entry.getKey(), entry.getValue().asString("")));
        return ConfigFile.classNames(names);
    }
}
