package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.io.Printable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Rules for the settings in transformers' files of SAM 2: widths and depths are those of the tensors, a few settings are read,
 * and the others must have the published value, because the image model here supports no other. Settings of the video model's memory
 * do not affect images.
 */
public final class Sam2Settings {
    private static final String EPSILON = "1.0E-6";
    private static final double BYTE = 1 / 255.0;

    private static final SettingRules VISION = part("num_feature_levels", "3")
            .honoured("backbone_config", "fpn_top_down_levels")
            .mustBe("fpn_kernel_size", "1")
            .mustBe("fpn_stride", "1")
            .mustBe("fpn_padding", "0")
            .irrelevant("backbone_channel_list", "backbone_feature_sizes", "fpn_hidden_size");

    private static final SettingRules BACKBONE = part("query_stride", "[2,2]")
            .honoured("image_size", "num_attention_heads", "num_attention_heads_per_stage", "window_size_per_stage")
            .honoured("global_attention_blocks")
            .mustBe("num_query_pool_stages", "3")
            .mustBe("patch_stride", "[4,4]")
            .mustBe("patch_padding", "[3,3]")
            .mustBe("patch_kernel_size", "[7,7]")
            .mustBe("qkv_bias", "true")
            .irrelevant("blocks_per_stage", "embed_dim_per_stage", "hidden_size", "mlp_ratio", "num_channels")
            .irrelevant("window_positional_embedding_background_size", "stage_names", "out_features", "out_indices");

    private static final SettingRules PROMPTS = part("num_point_embeddings", "4")
            .honoured("image_size")
            .mustBe("patch_size", "16")
            .irrelevant("hidden_size", "mask_input_channels", "scale"); // the scale of initial weights

    private static final SettingRules DECODER = part("iou_head_depth", "3")
            .honoured("num_attention_heads", "dynamic_multimask_via_stability", "dynamic_multimask_stability_delta")
            .honoured("dynamic_multimask_stability_thresh")
            .irrelevant("attention_downsample_rate", "hidden_size", "iou_head_hidden_dim", "mlp_dim")
            .irrelevant("num_hidden_layers", "num_multimask_outputs");

    private static final SettingRules PROCESSOR = new SettingRules()
            .honoured("size", "image_mean", "image_std", "rescale_factor")
            .mustBe("do_resize", "true")
            .mustBe("do_rescale", "true")
            .mustBe("do_normalize", "true")
            .mustBe("do_pad", "false")
            .mustBe("do_center_crop", "false")
            .mustBe("resample", "2") // bilinear
            .mustBe("default_to_square", "true")
            .irrelevant("crop_size", "mask_size", "mask_pad_size", "pad_size", "do_convert_rgb")
            .irrelevant("image_processor_type", "data_format", "input_data_format", "return_tensors", "device")
            .irrelevant(
                    "disable_grouping", "use_fast", "processor_class", "name_or_path", "transformers_version", "dtype");

    private Sam2Settings() {}

    /**
     * Rejects a {@code config.json} with a setting of the image model that changes results and is not supported.
     *
     * @param source the prefix of messages: the file's name and a colon
     * @param root the file
     * @throws io.github.hiera4j.model.UnsupportedException if there is such a setting; the message names it
     */
    public static void check(String source, JsonNode root) {
        JsonNode vision = root.path("vision_config");
        Map<String, SettingRules> rules =
                Map.of("vision_config", VISION, "prompt_encoder_config", PROMPTS, "mask_decoder_config", DECODER);
        rules.forEach((part, rule) -> check(source + part + ".", root.path(part), rule));
        check(source + "vision_config.backbone_config.", vision.path("backbone_config"), BACKBONE);
    }

    private static void check(String source, JsonNode part, SettingRules rules) {
        if (part.isObject()) {
            rules.check(new ConfigFields(source, part));
        }
    }

    /**
     * Rejects an image processor beside the weights that prepares pictures differently from SAM 2, which resizes them to the
     * model's input without keeping their aspect ratio, bilinearly, and normalises them by ImageNet's mean and standard deviation.
     *
     * @param weightFile the weight file
     * @param imageSize height and width of the model's input, pixels
     * @throws io.github.hiera4j.model.UnsupportedException if a setting is not supported; the message names it and the file
     */
    public static void checkProcessor(Path weightFile, List<Integer> imageSize) {
        Optional<ConfigFields> found = PreprocessorConfig.beside(weightFile);
        if (found.isEmpty()) {
            return;
        }
        ConfigFields fields = found.get();
        PROCESSOR.check(fields);
        requireNumbers(fields, "image_mean", TimmConfig.IMAGENET_MEAN);
        requireNumbers(fields, "image_std", TimmConfig.IMAGENET_STD);
        double factor = fields.number("rescale_factor", BYTE);
        require(Math.abs(factor - BYTE) < 1e-9, fields, "rescale_factor", "1/255");
        if (fields.has("size")) {
            ConfigFields size = fields.object("size");
            boolean same = size.integer("height", imageSize.get(0)) == imageSize.get(0)
                    && size.integer("width", imageSize.get(1)) == imageSize.get(1)
                    && size.fieldNames().stream().allMatch(name -> name.equals("height") || name.equals("width"));
            require(same, fields, "size", "height " + imageSize.get(0) + " and width " + imageSize.get(1));
        }
    }

    private static void requireNumbers(ConfigFields fields, String name, List<Double> expected) {
        List<Double> values = fields.has(name) ? fields.numbers(name) : expected;
        boolean same = values.size() == expected.size();
        for (int i = 0; same && i < expected.size(); i++) {
            same = Math.abs(values.get(i) - expected.get(i)) < 1e-6;
        }
        require(same, fields, name, expected.toString());
    }

    private static void require(boolean holds, ConfigFields fields, String name, String expected) {
        checkSupported(
                holds,
                "%s%s is %s, which changes results and is not supported: expected %s",
                fields.source(),
                name,
                Printable.of(fields.node(name)),
                expected);
    }

    /** Returns the rules of settings that every part of the file may have, and of one setting of this part. */
    private static SettingRules part(String name, String value) {
        return Settings.transformersModel()
                .mustBe("layer_norm_eps", EPSILON)
                .irrelevant("id2label", "model_type", "num_labels")
                .mustBe(name, value);
    }
}
