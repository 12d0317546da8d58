package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.config.PreprocessHints.CropOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Describes a model in timm's layout: the nearest of its architectures, and the arguments in which the model differs. */
public final class TimmConfigWriter {
    private TimmConfigWriter() {}

    static Map<String, Object> fields(ModelConfig model, List<String> classNames, Optional<PreprocessHints> hints) {
        HieraConfig config = encoder(model);
        check(
                config.layerNormEps() == 1e-6,
                "timm's Hiera has a fixed layer_norm_eps of 1e-6, but the model has %s",
                config.layerNormEps());
        check(
                config.finalNorm(),
                "timm's Hiera has a final norm, but the model does not; write official or transformers keys");
        String architecture = architecture(config);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("architecture", architecture);
        fields.put("num_classes", config.numClasses());
        fields.put("num_features", config.stageDim(config.stages().size() - 1));
        fields.put("global_pool", config.globalPool().label());
        if (classNames.size() == config.numClasses() && !classNames.isEmpty()) {
            fields.put("label_names", classNames);
        }
        Map<String, Object> arguments = arguments(config);
        arguments
                .entrySet()
                .removeAll(arguments(TimmConfig.architecture(architecture)
                                .orElseThrow()
                                .build())
                        .entrySet());
        fields.put("model_args", arguments);
        fields.put("pretrained_cfg", pretrained(config, hints));
        return fields;
    }

    /** Returns timm's model of a masked autoencoder: the encoder, with pooling at every transition. */
    static HieraConfig encoder(ModelConfig model) {
        HieraConfig encoder = model.encoder();
        return model == encoder
                ? encoder
                : encoder.toBuilder()
                        .qPool(Math.min(3, encoder.stages().size() - 1))
                        .build();
    }

    private static String architecture(HieraConfig config) {
        if (config.absWinPosEmbed() && config.initValues() != null) {
            boolean base = config.stages().equals(HieraVariant.HIERA_BASE_ABSWIN_256.stages());
            return (base ? HieraVariant.HIERA_BASE_ABSWIN_256 : HieraVariant.HIERA_SMALL_ABSWIN_256).officialName();
        }
        for (HieraVariant variant : HieraVariant.values()) {
            boolean same = !variant.isVideo()
                    && variant.embedDim() == config.embedDim()
                    && variant.stages().equals(config.stages());
            if (same) {
                return variant.officialName();
            }
        }
        return HieraVariant.HIERA_TINY_224.officialName();
    }

    private static Map<String, Object> arguments(HieraConfig config) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("img_size", config.inputSize());
        arguments.putAll(OfficialConfig.settings(config));
        arguments.put("drop_rate", config.headDropout());
        arguments.put("sep_pos_embed", config.sepPosEmbed());
        arguments.putAll(OfficialConfig.absWinKnobs(config));
        arguments.putIfAbsent("use_expand_proj", true);
        arguments.put("global_pool", config.globalPool().label());
        return arguments;
    }

    private static Map<String, Object> pretrained(HieraConfig config, Optional<PreprocessHints> hints) {
        List<Integer> spatial = config.inputSize().subList(Math.max(0, config.axes() - 2), config.axes());
        Map<String, Object> pretrained = new LinkedHashMap<>();
        pretrained.put("input_size", concatenate(config.inChans(), spatial));
        pretrained.put("fixed_input_size", !config.absWinPosEmbed());
        hints.ifPresent(
                known -> { // without them timm uses its defaults, which are the rule of the released models
                    pretrained.put("interpolation", known.interpolation());
                    pretrained.put("crop_pct", known.cropPct());
                    pretrained.put("crop_mode", known.cropOrder() == CropOrder.SQUASH_THEN_CROP ? "squash" : "center");
                    pretrained.put("mean", known.mean());
                    pretrained.put("std", known.std());
                });
        pretrained.put("num_classes", config.numClasses());
        pretrained.put("first_conv", "patch_embed.proj");
        pretrained.put("classifier", "head.fc");
        return pretrained;
    }

    private static List<Integer> concatenate(int channels, List<Integer> spatial) {
        return Stream.concat(Stream.of(channels), spatial.stream()).toList();
    }
}
