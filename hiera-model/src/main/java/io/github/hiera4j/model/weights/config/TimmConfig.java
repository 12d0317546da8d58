package io.github.hiera4j.model.weights.config;

import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.GlobalPool;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints.CropOrder;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads timm's layout: an architecture, {@code model_args} that override its defaults, and {@code pretrained_cfg}. */
public final class TimmConfig {
    static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

    private static final List<String> PREPARATION = List.of("mean", "std", "crop_pct", "crop_mode", "interpolation");

    private TimmConfig() {}

    static ConfigFile read(ConfigFields fields, WeightSource weights) {
        String architecture = fields.text("architecture", "");
        ConfigFields arguments = fields.object("model_args");
        // Older files have the fields of pretrained_cfg at the top.
        ConfigFields pretrained = fields.has("pretrained_cfg") ? fields.object("pretrained_cfg") : fields;
        if (pretrained != fields) {
            Settings.TIMM.check(fields);
        }
        Settings.TIMM_PRETRAINED.check(pretrained);
        Settings.TIMM_ARGUMENTS.check(arguments);
        HieraConfigBuilder encoder = architecture(architecture)
                .orElseThrow(() -> fields.fault("unknown architecture '" + Printable.of(architecture) + "'"));
        List<Integer> inputSize = spatialSize(pretrained);
        if (!inputSize.isEmpty()) {
            encoder.inputSize(inputSize);
        }
        fields.ifText("global_pool", name -> encoder.globalPool(GlobalPool.parse(name)));
        OfficialConfig.readSettings(arguments, encoder);
        arguments.ifIntegers(
                "img_size", size -> encoder.inputSize(size.size() == 1 ? List.of(size.get(0), size.get(0)) : size));
        arguments.ifNumber("drop_rate", encoder::headDropout);
        encoder.numClasses(classes(fields, arguments, weights));
        encoder.finalNorm(ConfigFile.hasFinalNorm(weights));
        HieraConfig config = encoder.build();
        // timm only prepares pictures: for a video model it writes just its defaults.
        Optional<PreprocessHints> hints = config.isVideo() ? Optional.empty() : hints(pretrained, config.inputSize());
        List<String> labels = fields.texts("label_names");
        return new ConfigFile(
                KeyStyle.TIMM, config, hints, labels.isEmpty() ? pretrained.texts("label_names") : labels);
    }

    private static int classes(ConfigFields fields, ConfigFields arguments, WeightSource weights) {
        return ConfigFile.classes(arguments.has("num_classes") ? arguments : fields, weights);
    }

    /** Returns the published settings of an architecture. */
    static Optional<HieraConfigBuilder> architecture(String name) {
        return HieraVariant.find(name).map(variant -> variant.config().toBuilder());
    }

    /** Returns height and width from timm's (channels, height, width); empty if missing. */
    private static List<Integer> spatialSize(ConfigFields pretrained) {
        List<Integer> size = pretrained.has("input_size") ? pretrained.integers("input_size") : List.of();
        return size.size() == 3 ? new ArrayList<>(size.subList(1, 3)) : List.of();
    }

    /** Returns empty if the file has no such settings: timm's defaults are the rule of the released models. */
    static Optional<PreprocessHints> hints(ConfigFields pretrained, List<Integer> inputSize) {
        if (PREPARATION.stream().noneMatch(pretrained::has)) {
            return Optional.empty();
        }
        CropOrder order = switch (pretrained.text("crop_mode", "center")) {
            case "center" -> CropOrder.RESIZE_THEN_CROP;
            case "squash" -> CropOrder.SQUASH_THEN_CROP;
            default ->
                throw new UnsupportedException(
                        pretrained.source() + "crop_mode is " + Printable.of(pretrained.node("crop_mode"))
                                + ", which changes results and is not supported: expected center or squash");
        };
        return Optional.of(new PreprocessHints(
                pretrained.has("mean") ? pretrained.numbers("mean") : IMAGENET_MEAN,
                pretrained.has("std") ? pretrained.numbers("std") : IMAGENET_STD,
                pretrained.number("crop_pct", 0.875),
                pretrained.text("interpolation", "bicubic"),
                inputSize,
                order,
                Optional.empty()));
    }
}
