package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The official {@code config.json}: the constructor arguments of the released code ({@code embed_dim}, {@code q_stride}, …),
 * with {@code decoder_embed_dim} and its sisters for a masked autoencoder.
 */
public final class OfficialConfig {
    private static final String DECODER_EMBED_DIM = "decoder_embed_dim";
    private static final String DECODER_DEPTH = "decoder_depth";
    private static final String DECODER_NUM_HEADS = "decoder_num_heads";

    private OfficialConfig() {}

    /** Whether a JSON object looks like an official configuration. */
    public static boolean matches(JsonNode json) {
        return json.has("embed_dim") && json.has("q_stride") && json.has("stages");
    }

    /**
     * Reads a configuration; what is missing takes the value of the published image or video models, by the length of
     * {@code input_size}.
     */
    public static ModelConfig read(JsonNode json) {
        boolean autoencoder = json.has(DECODER_EMBED_DIM);
        JsonNode inputSize = json.path("input_size");
        HieraConfig.Builder builder = inputSize.size() == 3 ? HieraConfig.video() : HieraConfig.image();
        integers(json, "input_size", builder::inputSize);
        integer(json, "in_chans", builder::inChans);
        integer(json, "embed_dim", builder::embedDim);
        integer(json, "num_heads", builder::numHeads);
        integer(json, "num_classes", builder::numClasses);
        integers(json, "stages", builder::stages);
        integer(json, "q_pool", builder::qPool);
        integers(json, "q_stride", builder::qStride);
        integers(json, "mask_unit_size", builder::maskUnitSize);
        booleans(json, "mask_unit_attn", builder::maskUnitAttn);
        number(json, "dim_mul", builder::dimMul);
        number(json, "head_mul", builder::headMul);
        integers(json, "patch_kernel", builder::patchKernel);
        integers(json, "patch_stride", builder::patchStride);
        integers(json, "patch_padding", builder::patchPadding);
        number(json, "mlp_ratio", builder::mlpRatio);
        number(json, "drop_path_rate", builder::dropPathRate);
        number(json, "head_dropout", builder::headDropout);
        number(json, "head_init_scale", builder::headInitScale);
        flag(json, "sep_pos_embed", builder::sepPosEmbed);
        number(json, "layer_norm_eps", builder::layerNormEps);
        flag(json, "abs_win_pos_embed", builder::absWinPosEmbed);
        integers(json, "global_pos_size", builder::globalPosSize);
        number(json, "init_values", builder::initValues);
        flag(json, "use_expand_proj", builder::useExpandProj);
        if (!autoencoder) {
            return builder.build();
        }
        HieraConfig encoder = json.has("q_pool")
                ? builder.numClasses(0).build()
                : builder.numClasses(0).qPool(2).build();
        int[] decoder = {512, 8, 16};
        integer(json, DECODER_EMBED_DIM, value -> decoder[0] = value);
        integer(json, DECODER_DEPTH, value -> decoder[1] = value);
        integer(json, DECODER_NUM_HEADS, value -> decoder[2] = value);
        return new MaeConfig(encoder, decoder[0], decoder[1], decoder[2]);
    }

    /** A configuration as JSON that the released code and {@link #read} understand. */
    public static ObjectNode write(ModelConfig model) {
        HieraConfig config = model.encoder();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("input_size", array(config.inputSize()));
        json.put("in_chans", config.inChans());
        json.put("embed_dim", config.embedDim());
        json.put("num_heads", config.numHeads());
        if (!(model instanceof MaeConfig)) {
            json.put("num_classes", config.numClasses());
        }
        json.set("stages", array(config.stages()));
        json.put("q_pool", config.qPool());
        json.set("q_stride", array(config.qStride()));
        json.set("mask_unit_size", array(config.maskUnitSize()));
        ArrayNode attention = json.putArray("mask_unit_attn");
        config.maskUnitAttn().forEach(attention::add);
        json.put("dim_mul", config.dimMul());
        json.put("head_mul", config.headMul());
        json.set("patch_kernel", array(config.patchKernel()));
        json.set("patch_stride", array(config.patchStride()));
        json.set("patch_padding", array(config.patchPadding()));
        json.put("mlp_ratio", config.mlpRatio());
        json.put("drop_path_rate", config.dropPathRate());
        json.put("head_dropout", config.headDropout());
        json.put("head_init_scale", config.headInitScale());
        json.put("sep_pos_embed", config.sepPosEmbed());
        json.put("layer_norm_eps", config.layerNormEps());
        writeTimmExtras(config, json);
        if (model instanceof MaeConfig mae) {
            json.put(DECODER_EMBED_DIM, mae.decoderEmbedDim());
            json.put(DECODER_DEPTH, mae.decoderDepth());
            json.put(DECODER_NUM_HEADS, mae.decoderNumHeads());
        }
        return json;
    }

    /** Only where they differ from the released code, which does not know them. */
    private static void writeTimmExtras(HieraConfig config, ObjectNode json) {
        if (config.absWinPosEmbed()) {
            json.put("abs_win_pos_embed", true);
            json.set("global_pos_size", array(config.globalPosSize()));
        }
        Double initValues = config.initValues();
        if (initValues != null) {
            json.put("init_values", initValues);
        }
        if (!config.useExpandProj()) {
            json.put("use_expand_proj", false);
        }
    }

    private static ArrayNode array(List<Integer> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(array::add);
        return array;
    }

    private static boolean present(JsonNode json, String key) {
        return json.has(key) && !json.get(key).isNull();
    }

    private static void integer(JsonNode json, String key, Consumer<Integer> set) {
        if (present(json, key)) {
            JsonNode value = json.get(key);
            check(value.isIntegralNumber() && value.canConvertToInt(), "%s must be a whole number, got %s", key, value);
            set.accept(value.intValue());
        }
    }

    private static void number(JsonNode json, String key, Consumer<Double> set) {
        if (present(json, key)) {
            JsonNode value = json.get(key);
            check(value.isNumber(), "%s must be a number, got %s", key, value);
            set.accept(value.doubleValue());
        }
    }

    private static void flag(JsonNode json, String key, Consumer<Boolean> set) {
        if (present(json, key)) {
            JsonNode value = json.get(key);
            check(value.isBoolean(), "%s must be true or false, got %s", key, value);
            set.accept(value.booleanValue());
        }
    }

    private static void integers(JsonNode json, String key, Consumer<List<Integer>> set) {
        if (present(json, key)) {
            List<Integer> values = new ArrayList<>();
            elements(json, key).forEach(element -> {
                check(
                        element.isIntegralNumber() && element.canConvertToInt(),
                        "%s must be a list of whole numbers, got %s",
                        key,
                        json.get(key));
                values.add(element.intValue());
            });
            set.accept(values);
        }
    }

    private static void booleans(JsonNode json, String key, Consumer<List<Boolean>> set) {
        if (present(json, key)) {
            List<Boolean> values = new ArrayList<>();
            elements(json, key).forEach(element -> {
                check(element.isBoolean(), "%s must be a list of true and false, got %s", key, json.get(key));
                values.add(element.booleanValue());
            });
            set.accept(values);
        }
    }

    private static JsonNode elements(JsonNode json, String key) {
        JsonNode array = json.get(key);
        check(array.isArray() && array.size() <= 64, "%s must be a list, got %s", key, array);
        return array;
    }
}
