package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaeTarget;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Settings in the official {@code config.json} in addition to the released ones: the rung of the ladder between MViTv2 and Hiera, and
 * the paper's ablations of the autoencoder. None of them is written for Hiera as published.
 */
final class AblationFields {
    static final String RUNG = "rung";
    static final String ZERO_PADDED = "zero_padded";
    static final String CLASS_TOKEN = "class_token";
    static final String WIDENS_IN_ATTENTION = "widens_in_attention";
    static final String KEY_STRIDE = "key_stride";
    static final String FUSION = "multi_scale_fusion";
    static final String TARGET = "mae_target";

    private AblationFields() {}

    /** Returns the settings that differ from those of Hiera as published. */
    static Map<String, Object> of(ModelConfig model) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (model instanceof LadderConfig ladder) {
            putRung(fields, ladder.rung(), ladder.zeroPadded());
        } else if (model instanceof LadderMae ladder) {
            putRung(fields, ladder.rung(), ladder.zeroPadded());
        } else if (model instanceof MViTv2Config start) {
            fields.put(RUNG, Rung.ZERO.label());
            fields.put(WIDENS_IN_ATTENTION, start.widensInAttention());
            fields.put(CLASS_TOKEN, start.hasClassToken());
            fields.put(KEY_STRIDE, start.firstKeyStride());
        }
        if (model instanceof VisionTransformerMae vit) {
            fields.put("decoder_embed_dim", vit.decoderDim());
            fields.put("decoder_depth", vit.decoderDepth());
            fields.put("decoder_num_heads", vit.decoderHeads());
        }
        autoencoder(model).ifPresent(mae -> {
            if (!mae.fusesStages()) {
                fields.put(FUSION, false);
            }
            if (mae.target() != MaeTarget.NORMALISED_PIXELS) {
                fields.put(TARGET, mae.target().name().toLowerCase(Locale.ROOT));
            }
        });
        return fields;
    }

    private static void putRung(Map<String, Object> fields, Rung rung, boolean zeroPadded) {
        fields.put(RUNG, rung.label());
        if (!zeroPadded) {
            fields.put(ZERO_PADDED, false);
        }
    }

    /** Returns a model's autoencoder of Hiera: the model itself or that of its rung. */
    static Optional<MaeConfig> autoencoder(ModelConfig model) {
        if (model instanceof LadderMae ladder) {
            return Optional.of(ladder.mae());
        }
        return model instanceof MaeConfig mae ? Optional.of(mae) : Optional.empty();
    }

    static MaeConfig read(ConfigFields fields, MaeConfig published) {
        boolean[] fuses = {true};
        fields.ifBoolean(FUSION, value -> fuses[0] = value);
        MaeTarget[] target = {MaeTarget.NORMALISED_PIXELS};
        fields.ifText(TARGET, name -> target[0] = target(name));
        return published.withFusion(fuses[0]).withTarget(target[0]);
    }

    private static MaeTarget target(String name) {
        return Arrays.stream(MaeTarget.values())
                .filter(target -> target.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new HieraException(TARGET + ": expected one of "
                        + Arrays.toString(MaeTarget.values()).toLowerCase(Locale.ROOT) + ", got '"
                        + Printable.of(name) + "'"));
    }

    /** Returns the model on the rung that the file names, or the model itself if it names none. */
    static ModelConfig onRung(ConfigFields fields, ModelConfig model) {
        if (!fields.has(RUNG)) {
            refuse(fields, RUNG, ZERO_PADDED, WIDENS_IN_ATTENTION, CLASS_TOKEN, KEY_STRIDE);
            return model;
        }
        Rung[] rung = {Rung.F};
        fields.ifText(RUNG, name -> rung[0] = Rung.parse(name));
        boolean[] zeroPadded = {true};
        fields.ifBoolean(ZERO_PADDED, value -> zeroPadded[0] = value);
        if (model instanceof MaeConfig mae) {
            return new LadderMae(mae, rung[0], zeroPadded[0]);
        }
        HieraConfig hiera = model.encoder();
        if (!fields.has(KEY_STRIDE)) {
            refuse(fields, KEY_STRIDE, WIDENS_IN_ATTENTION, CLASS_TOKEN);
            return new LadderConfig(hiera, rung[0], zeroPadded[0]);
        }
        check(rung[0] == Rung.ZERO, "%s belongs to rung 0, got rung %s", KEY_STRIDE, rung[0].label());
        boolean[] widensInAttention = {true};
        boolean[] classToken = {hiera.isVideo()};
        List<List<Integer>> keyStride = new java.util.ArrayList<>();
        fields.ifBoolean(WIDENS_IN_ATTENTION, value -> widensInAttention[0] = value);
        fields.ifBoolean(CLASS_TOKEN, value -> classToken[0] = value);
        fields.ifIntegers(KEY_STRIDE, keyStride::add);
        return new MViTv2Config(hiera, widensInAttention[0], classToken[0], keyStride.get(0));
    }

    /** Rejects settings that have no effect without another one, instead of ignoring them. */
    private static void refuse(ConfigFields fields, String missing, String... dependents) {
        for (String name : dependents) {
            check(!fields.has(name), "%s has an effect only together with %s, which is missing", name, missing);
        }
    }
}
