package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A HieraDet trunk at one size: its position embedding and the maps at the end of each stage.
 *
 * @param name the names of the file and the size
 * @param config the trunk
 * @param inputShape the pixels, batch first
 * @param json the figures of this size
 */
public record HieraDetCase(String name, HieraDetConfig config, Shape inputShape, JsonNode json) implements ParityCase {
    /** The position embedding after resizing and tiling, {@code [1, h, w, C]}. */
    private static final String POSITIONS = "pos_embed";

    /**
     * {@return a configuration from SAM 2's settings: {@code embed_dim}, {@code window_spec}, {@code global_att_blocks} and so on}
     *
     * @param json the object
     * @param inputSize (frames,) height and width in pixels
     */
    public static HieraDetConfig config(JsonNode json, List<Integer> inputSize) {
        checkForm(json);
        check(
                GoldenFile.integers(json.path("q_stride")).equals(List.of(2, 2)),
                "expected a q_stride of [2, 2], got %s",
                json.path("q_stride"));
        List<Integer> windows = GoldenFile.integers(json.path("window_spec"));
        check(!windows.isEmpty(), "expected a window_spec with one window per stage, got none");
        Set<Integer> globalBlocks = new TreeSet<>(GoldenFile.integers(json.path("global_att_blocks")));
        return HieraDetConfig.builder()
                .inputSize(inputSize)
                .embedDim(json.path("embed_dim").asInt())
                .numHeads(json.path("num_heads").asInt())
                .stages(GoldenFile.integers(json.path("stages")))
                .qPool(json.path("q_pool").asInt())
                .windows(windows)
                .globalBlocks(globalBlocks)
                .positionGrid(GoldenFile.integers(json.path("window_pos_embed_bkg_spatial_size")))
                .windowEmbedding(windows.get(0))
                .dimMul(json.path("dim_mul").asDouble())
                .headMul(json.path("head_mul").asDouble())
                .patchKernel(json.path("patch_kernel").path(0).asInt())
                .patchStride(json.path("patch_stride").path(0).asInt())
                .patchPadding(json.path("patch_padding").path(0).asInt())
                .mlpRatio(json.path("mlp_ratio").asDouble())
                .layerNormEps(json.path("layer_norm_eps").asDouble())
                .build();
    }

    private static void checkForm(JsonNode json) {
        for (String name : List.of(
                "q_stride",
                "window_spec",
                "global_att_blocks",
                "stages",
                "window_pos_embed_bkg_spatial_size",
                "patch_kernel",
                "patch_stride",
                "patch_padding")) {
            GoldenSchema.integers(json.path(name), "config." + name);
        }
        for (String name : List.of("embed_dim", "num_heads", "q_pool")) {
            GoldenSchema.integer(json.path(name), "config." + name);
        }
        for (String name : List.of("dim_mul", "head_mul", "mlp_ratio", "layer_norm_eps")) {
            GoldenSchema.number(json.path(name), "config." + name);
        }
    }

    static HieraDetCase read(JsonNode file, JsonNode figures, String name) {
        return new HieraDetCase(
                name,
                config(file.path("config"), GoldenFile.integers(figures.path("run_size"))),
                GoldenFile.inputShape(figures, 3, GoldenFile.integers(figures.path("run_size"))),
                figures);
    }

    @Override
    public Graph graph() {
        HieraDet trunk = new HieraDet(config);
        GraphBuilder g = new GraphBuilder();
        GraphBuilder named = g.scope(HieraDet.SAM2_PREFIX);
        List<Value> stages = trunk.build(named, trunk.input(g));
        for (int stage = 0; stage < stages.size(); stage++) {
            g.output(Hiera.stage(stage + 1), stages.get(stage));
        }
        g.output(POSITIONS, trunk.positions(named));
        return g.build().select(List.copyOf(expected().keySet()));
    }

    @Override
    public WeightSource weights() {
        return new FormulaWeights(graph().parameters());
    }

    @Override
    public Map<String, HostTensor> feeds() {
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input", inputShape));
    }

    @Override
    public Map<String, TensorSummary> expected() {
        Map<String, TensorSummary> expected = new LinkedHashMap<>();
        if (json.has(POSITIONS)) {
            expected.put(POSITIONS, TensorSummary.read(json.path(POSITIONS)));
        }
        int stage = 1;
        for (JsonNode summary : json.path("stages")) {
            expected.put(Hiera.stage(stage++), TensorSummary.read(summary));
        }
        return expected;
    }

    @Override
    public boolean isNano() {
        return config.embedDim() < 64;
    }
}
