package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.sam.ImageFeatures;
import io.github.hiera4j.model.sam.MaskChoice;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2ImageEncoder;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A SAM 2 model prompted on one image: the features of the image and, for every prompt, its tokens, masks, scores and the masks at
 * the size of the original image.
 *
 * @param name the case's name
 * @param config the model
 * @param json the whole file
 */
public record Sam2Case(String name, Sam2Config config, JsonNode json) implements ParityCase {

    static Sam2Case read(JsonNode json) {
        return new Sam2Case(json.path("case").asString(), config(json.path("config")), json);
    }

    private static Sam2Config config(JsonNode json) {
        int size = json.path("image_size").asInt();
        HieraDetConfig trunk = HieraDetCase.config(json, List.of(size, size));
        int dim = json.path("d_model").asInt();
        check(json.path("scalp").asInt() == 1, "expected a scalp of 1, got %s", json.path("scalp"));
        return new Sam2Config(
                trunk,
                dim,
                Set.copyOf(GoldenFile.integers(json.path("fpn_top_down_levels"))),
                json.path("mask_in_chans").asInt(),
                json.path("decoder_depth").asInt(),
                json.path("decoder_heads").asInt(),
                json.path("decoder_mlp_dim").asInt(),
                dim / 2,
                json.path("iou_head_hidden_dim").asInt(),
                json.path("num_multimask_outputs").asInt(),
                new MaskChoice(
                        json.path("dynamic_multimask_via_stability").asBoolean(),
                        json.path("dynamic_multimask_stability_delta").asDouble(),
                        json.path("dynamic_multimask_stability_thresh").asDouble()));
    }

    /** Returns the graph of the image encoder only: prompts have their own graph. */
    @Override
    public Graph graph() {
        return new Sam2ImageEncoder(config).graph().select(Sam2ImageEncoder.OUTPUTS);
    }

    /** Returns the formula weights of both parts. */
    @Override
    public WeightSource weights() {
        return new FormulaWeights(Sam2Model.parameters(config));
    }

    @Override
    public Map<String, HostTensor> feeds() {
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input", GoldenFile.shape(json.path("input_shape"))));
    }

    @Override
    public Map<String, HostTensor> compute(Backend backend, CompileOptions options) {
        Map<String, HostTensor> results = new LinkedHashMap<>();
        try (Sam2Model model = Sam2Model.compile(config, weights(), backend, options)) {
            HostTensor pixels = FormulaWeights.tensor("input", GoldenFile.shape(json.path("input_shape")));
            ImageFeatures image = model.encode(pixels);
            results.put(Sam2ImageEncoder.EMBEDDING, channelsFirst(image.embedding()));
            results.put(Sam2ImageEncoder.HIGH_RESOLUTION_0, channelsFirst(image.highResolution0()));
            results.put(Sam2ImageEncoder.HIGH_RESOLUTION_1, channelsFirst(image.highResolution1()));
            new Sam2PromptRuns(config, model, image, originalSize()).run(json.path("prompts"), results);
        }
        return results;
    }

    private List<Integer> originalSize() {
        return GoldenFile.integers(json.path("original_size"));
    }

    @Override
    public Map<String, TensorSummary> expected() {
        Map<String, TensorSummary> expected = new LinkedHashMap<>();
        for (String output : Sam2ImageEncoder.OUTPUTS) {
            expected.put(output, TensorSummary.read(json.path(output)));
        }
        for (JsonNode prompt : json.path("prompts")) {
            Sam2PromptRuns.expect(prompt, expected);
        }
        return expected;
    }

    @Override
    public boolean isNano() {
        return config.trunk().embedDim() < 64;
    }

    /** Transposes {@code [1, …, C]} to {@code [1, C, …]}, flat. */
    private static HostTensor channelsFirst(HostTensor map) {
        int channels = map.shape().size(-1);
        int positions = map.elements() / channels;
        double[] from = map.toDoubles();
        double[] to = new double[from.length];
        for (int i = 0; i < to.length; i++) {
            to[i % channels * positions + i / channels] = from[i];
        }
        return HostTensor.of(Shape.of(1, channels, positions), to);
    }
}
