package io.github.hiera4j.model.baseline.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.MViTv2Names;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.baseline.VisionTransformerConfig;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.baseline.peers.ConvNeXtV2Config;
import io.github.hiera4j.model.baseline.peers.SwinConfig;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.GoldenSchema;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.config.OfficialConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Reads a file of figures about baselines and rungs. */
public final class BaselineFile {
    private BaselineFile() {}

    /**
     * Returns the cases of a file, or an empty result if it describes something else.
     *
     * @param file the file
     * @return the cases, or empty
     * @throws HieraException if the file is invalid; the message names it and the fault
     */
    public static Optional<List<BaselineCase>> read(Path file) {
        JsonNode json = Json.read(file);
        if (!json.isObject() || json.has("kind") || !json.path("cases").isArray()) {
            return Optional.empty();
        }
        try {
            String stem = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
            List<BaselineCase> cases = new ArrayList<>();
            for (JsonNode figures : json.path("cases")) {
                GoldenSchema.requireFigures(figures, "cases[" + cases.size() + "].");
                cases.add(read(figures, stem));
            }
            check(!cases.isEmpty(), "expected at least one case, got none");
            return Optional.of(List.copyOf(cases));
        } catch (HieraException fault) {
            throw fault.withMessage(file + ": " + fault.getMessage());
        } catch (ArithmeticException fault) {
            throw new HieraException(file + ": describes a model that is too large: " + fault.getMessage(), fault);
        }
    }

    private static BaselineCase read(JsonNode figures, String stem) {
        BaselineNetwork network = network(figures);
        Shape input = Shape.of(Fields.integers(figures.path("input_shape")).stream()
                .mapToInt(Integer::intValue)
                .toArray());
        Shape expected = Objects.requireNonNull(network.inference().inputs().get("input"))
                .shape();
        check(
                input.rank() == expected.rank()
                        && expected.withBatch(input.size(0)).equals(input),
                "input_shape %s is not a batch of the model's input, which is %s",
                input,
                expected);
        String caseName = figures.path("case").stringValue("");
        return new BaselineCase(stem.equals(caseName) ? stem : stem + "/" + caseName, network, input, figures);
    }

    private static BaselineNetwork network(JsonNode figures) {
        JsonNode config = figures.path("config");
        if (config.has("rung")) {
            return rung(config, figures.path("mask_ratio").asDouble());
        }
        if (config.has("hidden_size")) {
            return vitAutoencoder(config, figures.path("mask_ratio").asDouble());
        }
        if (config.has("window_size")) {
            return swin(config);
        }
        if (config.has("dims")) {
            return convNeXtV2(config, figures);
        }
        if (config.has("depth")) {
            return vit(config, Fields.integer(config, "num_classes"));
        }
        check(
                config.has("depths"),
                "models of this kind are not part of the baselines: expected ViT, MViTv2, a rung, Swin or ConvNeXt V2");
        return config.has("input_size") ? mvitv2Video(config) : mvitv2(config, figures);
    }

    private static BaselineNetwork rung(JsonNode config, double maskRatio) {
        ModelConfig model = OfficialConfig.read(config);
        Rung rung = Rung.parse(config.path("rung").stringValue(""));
        String padding = config.path("unit_padding").stringValue("zero");
        check(padding.equals("zero") || padding.equals("-inf"), "unit_padding must be 'zero' or '-inf'");
        boolean zeroPadded = padding.equals("zero");
        return model instanceof MaeConfig mae
                ? new BaselineNetwork.Autoencoder(new LadderMae(mae, rung, zeroPadded), maskRatio)
                : new BaselineNetwork.Classifier(
                        new LadderConfig(model.encoder(), rung, zeroPadded),
                        model.encoder().embedDim(),
                        UnaryOperator.identity());
    }

    private static BaselineNetwork swin(JsonNode config) {
        int side = Fields.integer(config, "img_size");
        check(Fields.integer(config, "patch_size") == 4, "patch_size must be 4");
        SwinConfig model = new SwinConfig(
                List.of(side, side),
                Fields.integer(config, "embed_dim"),
                Fields.integers(config.path("depths")),
                Fields.integers(config.path("num_heads")),
                Fields.integer(config, "window_size"),
                Fields.integer(config, "num_classes"),
                0);
        return new BaselineNetwork.Classifier(model, model.embedDim(), UnaryOperator.identity());
    }

    private static BaselineNetwork convNeXtV2(JsonNode config, JsonNode figures) {
        check(
                config.path("use_grn").asBoolean(false)
                        && config.path("ls_init_value").isNull(),
                "ConvNeXt V2 has use_grn true and no ls_init_value");
        List<Integer> input = Fields.integers(figures.path("input_shape"));
        check(input.size() == 4, "input_shape must be [batch, channels, height, width], got %s", input);
        ConvNeXtV2Config model = new ConvNeXtV2Config(
                input.subList(2, 4),
                Fields.integers(config.path("depths")),
                Fields.integers(config.path("dims")),
                Fields.integer(config, "num_classes"),
                0);
        return new BaselineNetwork.Classifier(model, model.dims().get(0), UnaryOperator.identity());
    }

    private static BaselineNetwork vit(JsonNode config, int classes) {
        int side = Fields.integer(config, "img_size");
        int patch = Fields.integer(config, "patch_size");
        int dim = Fields.integer(config, "embed_dim");
        VisionTransformerConfig model = new VisionTransformerConfig(
                List.of(side, side),
                List.of(patch, patch),
                dim,
                Fields.integer(config, "depth"),
                Fields.integer(config, "num_heads"),
                classes,
                config.path("global_pool").stringValue("").equals("avg"),
                0);
        return new BaselineNetwork.Classifier(model, dim, UnaryOperator.identity());
    }

    private static BaselineNetwork vitAutoencoder(JsonNode config, double maskRatio) {
        int side = Fields.integer(config, "image_size");
        int patch = Fields.integer(config, "patch_size");
        int dim = Fields.integer(config, "hidden_size");
        VisionTransformerConfig encoder = new VisionTransformerConfig(
                List.of(side, side),
                List.of(patch, patch),
                dim,
                Fields.integer(config, "num_hidden_layers"),
                Fields.integer(config, "num_attention_heads"),
                0,
                false,
                0);
        return new BaselineNetwork.VitAutoencoder(
                new VisionTransformerMae(
                        encoder,
                        Fields.integer(config, "decoder_hidden_size"),
                        Fields.integer(config, "decoder_num_hidden_layers"),
                        Fields.integer(config, "decoder_num_attention_heads")),
                maskRatio);
    }

    private static BaselineNetwork mvitv2(JsonNode config, JsonNode figures) {
        int side = Fields.integer(config, "img_size");
        HieraConfig shape = shape(HieraConfig.image(), config)
                .inputSize(List.of(side, side))
                .numClasses(figures.path("logits").path(0).size())
                .build();
        boolean classToken = config.path("use_cls_token").asBoolean(false);
        // by default timm widens in the MLP
        boolean inAttention = config.path("expand_attn").asBoolean(true);
        MViTv2Config model = new MViTv2Config(shape, inAttention, classToken, List.of(4, 4));
        return new BaselineNetwork.Classifier(model, shape.embedDim(), name -> MViTv2Names.timm(model, name));
    }

    private static BaselineNetwork mvitv2Video(JsonNode config) {
        HieraConfig shape = shape(HieraConfig.video(), config)
                .inputSize(Fields.integers(config.path("input_size")))
                .numClasses(Fields.integer(config, "num_classes"))
                .build();
        List<Integer> keyStride = Fields.integers(config.path("stride_kv_adaptive"));
        check(keyStride.size() == 3 && keyStride.get(0) == 1, "stride_kv_adaptive must be [1, height, width]");
        MViTv2Config model = new MViTv2Config(shape, true, true, keyStride.subList(1, 3));
        return new BaselineNetwork.Classifier(model, shape.embedDim(), UnaryOperator.identity());
    }

    private static HieraConfigBuilder shape(HieraConfigBuilder builder, JsonNode config) {
        return builder.embedDim(Fields.integer(config, "embed_dim"))
                .numHeads(Fields.integer(config, "num_heads"))
                .stages(Fields.integers(config.path("depths")));
    }
}
