package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.GlobalPool;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the {@code config.json} that each tool expects beside its weights. */
public final class ConfigWriter {
    private ConfigWriter() {}

    /**
     * Writes a model's description, atomically.
     *
     * @param target the file to write
     * @param style the convention of names and keys
     * @param config the model in the checkpoint: an encoder or an autoencoder
     * @param classNames names of the classes by index, or empty
     * @param hints how to prepare images; only timm's layout can express it
     */
    public static void write(
            Path target, KeyStyle style, ModelConfig config, List<String> classNames, Optional<PreprocessHints> hints) {
        write(target, text(style, config, classNames, hints));
    }

    /**
     * Writes text to a file that another program may be reading.
     *
     * @param target the file to write
     * @param text the text
     */
    public static void write(Path target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(target, channel -> SafetensorsWriter.writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    /**
     * {@return the text of a {@code config.json} in a style}
     *
     * @param style the convention of names and keys
     * @param config the model in the checkpoint: an encoder or an autoencoder
     * @param classNames names of the classes by index; empty if unknown
     * @param hints how images are prepared; empty if unknown
     */
    public static String text(
            KeyStyle style, ModelConfig config, List<String> classNames, Optional<PreprocessHints> hints) {
        check(
                style == KeyStyle.OFFICIAL || config.isHiera(),
                "%s has no keys of %s: write official ones",
                config.architecture(),
                style.label());
        Map<String, Object> fields = switch (style) {
            case OFFICIAL -> OfficialConfig.fields(config);
            case TIMM -> TimmConfigWriter.fields(config, classNames, hints);
            case TRANSFORMERS -> transformers(config, classNames);
        };
        return Json.MAPPER.writeValueAsString(fields) + "\n";
    }

    private static Map<String, Object> transformers(ModelConfig model, List<String> classNames) {
        HieraConfig config = model.encoder();
        check(
                config.axes() == 2,
                "transformers' Hiera supports only images: input_size %s has another number of axes",
                config.inputSize());
        check(
                OfficialConfig.absWinKnobs(config).isEmpty(),
                "transformers' Hiera has no abs-win extensions; write timm keys");
        check(
                config.globalPool() == GlobalPool.AVG,
                "transformers' Hiera has no global_pool '%s'; write official or timm keys",
                config.globalPool().label());
        Map<String, Object> fields = new LinkedHashMap<>();
        boolean mae = model instanceof MaeConfig;
        String kind =
                mae ? "HieraForPreTraining" : config.numClasses() > 0 ? "HieraForImageClassification" : "HieraModel";
        fields.put("architectures", List.of(kind));
        fields.put("model_type", "hiera");
        fields.put("image_size", config.inputSize());
        fields.put("num_channels", config.inChans());
        fields.put("embed_dim", config.embedDim());
        fields.put("embed_dim_multiplier", config.dimMul());
        fields.put("hidden_size", config.stageDim(config.stages().size() - 1));
        fields.put("depths", config.stages());
        fields.put("num_heads", TransformersConfig.stageHeads(config));
        fields.put("num_query_pool", config.qPool());
        fields.put("query_stride", config.qStride());
        fields.put("masked_unit_size", config.maskUnitSize());
        fields.put("masked_unit_attention", config.maskUnitAttn());
        fields.put("patch_size", config.patchKernel());
        fields.put("patch_stride", config.patchStride());
        fields.put("patch_padding", config.patchPadding());
        fields.put("mlp_ratio", config.mlpRatio());
        fields.put("drop_path_rate", config.dropPathRate());
        fields.put("layer_norm_eps", config.layerNormEps());
        fields.put("hidden_act", "gelu");
        fields.put("initializer_range", 0.02);
        fields.put("layer_norm_init", 1.0);
        fields.put("normalize_pixel_loss", true);
        if (model instanceof MaeConfig decoder) {
            fields.put("decoder_hidden_size", decoder.decoderEmbedDim());
            fields.put("decoder_depth", decoder.decoderDepth());
            fields.put("decoder_num_heads", decoder.decoderNumHeads());
            fields.put("mask_ratio", decoder.defaultMaskRatio());
        } else if (config.numClasses() > 0) {
            fields.putAll(labels(config.numClasses(), classNames));
        }
        return fields;
    }

    private static Map<String, Object> labels(int classes, List<String> classNames) {
        Map<String, Object> id2label = new LinkedHashMap<>();
        Map<String, Object> label2id = new LinkedHashMap<>();
        for (int index = 0; index < classes; index++) {
            String name = classNames.size() == classes ? classNames.get(index) : "LABEL_" + index;
            id2label.put(Integer.toString(index), name);
            label2id.put(name, index);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id2label", id2label);
        fields.put("label2id", label2id);
        return fields;
    }
}
