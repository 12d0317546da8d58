package io.github.hiera4j.model.weights.config;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.GlobalPool;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The official {@code config.json}: the constructor arguments of the released code ({@code embed_dim}, {@code q_stride}, …),
 * with {@code decoder_embed_dim} and related ones for a masked autoencoder.
 */
public final class OfficialConfig {
    private OfficialConfig() {}

    /**
     * {@return whether a JSON object looks like an official configuration}
     *
     * @param json the object
     */
    public static boolean matches(JsonNode json) {
        return json.has("embed_dim") && json.has("stages");
    }

    /**
     * Reads a configuration; missing settings have the values of the published image or video models, depending on the length of
     * {@code input_size}. It is a masked autoencoder if it has {@code decoder_embed_dim}. The caller reads the rung of the ladder.
     *
     * @param json the object
     * @return the settings
     */
    public static ModelConfig read(JsonNode json) {
        ConfigFields fields = new ConfigFields("", json);
        HieraConfigBuilder encoder = encoder(fields);
        return fields.has("decoder_embed_dim") ? autoencoder(fields, encoder) : encoder.build();
    }

    /**
     * {@return a configuration as JSON that the released code and {@link #read} understand}
     *
     * @param model the settings of the model
     */
    public static ObjectNode write(ModelConfig model) {
        return Json.MAPPER.valueToTree(fields(model));
    }

    static HieraConfigBuilder encoder(ConfigFields fields) {
        boolean video = fields.node("input_size").size() == 3;
        HieraConfigBuilder encoder = video ? HieraConfig.video() : HieraConfig.image();
        fields.ifInteger("num_classes", encoder::numClasses);
        readSettings(fields, encoder);
        return encoder;
    }

    static MaeConfig autoencoder(ConfigFields fields, HieraConfigBuilder encoder) {
        if (!fields.has("q_pool")) {
            encoder.qPool(2);
        }
        MaeConfig published = new MaeConfig(
                encoder.numClasses(0).build(),
                fields.integer("decoder_embed_dim", 512),
                fields.integer("decoder_depth", 8),
                fields.integer("decoder_num_heads", 16));
        return AblationFields.read(fields, published);
    }

    /** Returns the model on the rung of the ladder that the file names, if any. */
    static ModelConfig onRung(ConfigFields fields, ModelConfig model) {
        return AblationFields.onRung(fields, model);
    }

    /** Reads the settings under their official names, most of which timm shares; all but the classes. */
    static void readSettings(ConfigFields fields, HieraConfigBuilder encoder) {
        fields.ifIntegers("input_size", encoder::inputSize);
        fields.ifInteger("in_chans", encoder::inChans);
        fields.ifInteger("embed_dim", encoder::embedDim);
        fields.ifInteger("num_heads", encoder::numHeads);
        fields.ifIntegers("stages", encoder::stages);
        fields.ifInteger("q_pool", encoder::qPool);
        fields.ifIntegers("q_stride", encoder::qStride);
        fields.ifIntegers("mask_unit_size", encoder::maskUnitSize);
        fields.ifBooleans("mask_unit_attn", encoder::maskUnitAttn);
        fields.ifNumber("dim_mul", encoder::dimMul);
        fields.ifNumber("head_mul", encoder::headMul);
        fields.ifIntegers("patch_kernel", encoder::patchKernel);
        fields.ifIntegers("patch_stride", encoder::patchStride);
        fields.ifIntegers("patch_padding", encoder::patchPadding);
        fields.ifNumber("mlp_ratio", encoder::mlpRatio);
        fields.ifNumber("drop_path_rate", encoder::dropPathRate);
        fields.ifNumber("head_dropout", encoder::headDropout);
        fields.ifNumber("head_init_scale", encoder::headInitScale);
        fields.ifBoolean("sep_pos_embed", encoder::sepPosEmbed);
        fields.ifNumber("layer_norm_eps", encoder::layerNormEps);
        fields.ifBoolean("abs_win_pos_embed", encoder::absWinPosEmbed);
        fields.ifIntegers("global_pos_size", encoder::globalPosSize);
        fields.ifNumber("init_values", encoder::initValues);
        fields.ifBoolean("use_expand_proj", encoder::useExpandProj);
        fields.ifText("global_pool", name -> encoder.globalPool(GlobalPool.parse(name)));
        fields.ifBoolean("final_norm", encoder::finalNorm);
    }

    /** Returns the reference's constructor arguments; settings that the reference does not have are written only if they change its behaviour. */
    static Map<String, Object> fields(ModelConfig model) {
        HieraConfig config = model.encoder();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("input_size", config.inputSize());
        fields.putAll(settings(config));
        Optional<MaeConfig> autoencoder = AblationFields.autoencoder(model);
        if (autoencoder.isPresent()) {
            MaeConfig mae = autoencoder.get();
            fields.put("decoder_embed_dim", mae.decoderEmbedDim());
            fields.put("decoder_depth", mae.decoderDepth());
            fields.put("decoder_num_heads", mae.decoderNumHeads());
        } else {
            fields.put("num_classes", config.numClasses());
        }
        fields.put("norm_layer", "LayerNorm");
        fields.put("head_dropout", config.headDropout());
        fields.put("sep_pos_embed", config.sepPosEmbed());
        if (config.layerNormEps() != 1e-6) {
            fields.put("layer_norm_eps", config.layerNormEps());
        }
        fields.putAll(absWinKnobs(config));
        if (config.globalPool() != GlobalPool.AVG) {
            fields.put("global_pool", config.globalPool().label());
        }
        if (!config.finalNorm()) {
            fields.put("final_norm", false);
        }
        fields.putAll(AblationFields.of(model));
        return fields;
    }

    /** Returns the settings with the same name in the reference and in timm. */
    static Map<String, Object> settings(HieraConfig config) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("in_chans", config.inChans());
        fields.put("embed_dim", config.embedDim());
        fields.put("num_heads", config.numHeads());
        fields.put("stages", config.stages());
        fields.put("q_pool", config.qPool());
        fields.put("q_stride", config.qStride());
        fields.put("mask_unit_size", config.maskUnitSize());
        fields.put("mask_unit_attn", config.maskUnitAttn());
        fields.put("dim_mul", config.dimMul());
        fields.put("head_mul", config.headMul());
        fields.put("patch_kernel", config.patchKernel());
        fields.put("patch_stride", config.patchStride());
        fields.put("patch_padding", config.patchPadding());
        fields.put("mlp_ratio", config.mlpRatio());
        fields.put("drop_path_rate", config.dropPathRate());
        fields.put("head_init_scale", config.headInitScale());
        return fields;
    }

    /** Adds timm's extensions if the model uses them. */
    static Map<String, Object> absWinKnobs(HieraConfig config) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (config.absWinPosEmbed()) {
            fields.put("abs_win_pos_embed", true);
            fields.put("global_pos_size", config.globalPosSize());
        }
        Double initValues = config.initValues();
        if (initValues != null) {
            fields.put("init_values", initValues);
        }
        if (!config.useExpandProj()) {
            fields.put("use_expand_proj", false);
        }
        return fields;
    }
}
