package io.github.hiera4j.model.hieradet;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.PositionResizing;
import io.github.hiera4j.model.network.ResizedEmbedding;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The trunk as a graph. Its parameters have the prefix of the given builder and the names of SAM 2's or Hiera's checkpoints.
 *
 * <p>It equals {@link Hiera} at 224 × 224 with windows 8, 4, 14, 7, no global blocks, the full position embedding and no window
 * embedding: mask units are then windows, and stages 3 and 4 are one window.
 */
public record HieraDet(HieraDetConfig config, Naming naming) {
    /** The naming convention for the layers of an MLP. */
    public enum Naming {
        /** {@code mlp.layers.0} and {@code mlp.layers.1}, as in SAM 2's checkpoints. */
        SAM2("layers.0", "layers.1"),
        /** {@code mlp.fc1} and {@code mlp.fc2}, as in Hiera's checkpoints. */
        HIERA("fc1", "fc2");

        private final String first;
        private final String second;

        Naming(String first, String second) {
            this.first = first;
            this.second = second;
        }

        String first() {
            return first;
        }

        String second() {
            return second;
        }
    }

    /**
     * Creates a trunk with SAM 2's names.
     *
     * @param config the settings of the trunk
     */
    public HieraDet(HieraDetConfig config) {
        this(config, Naming.SAM2);
    }

    /** The prefix of SAM 2's checkpoints, for {@link GraphBuilder#scope}. */
    public static final String SAM2_PREFIX = "image_encoder.trunk";

    /**
     * Declares the pixels {@code [B, inChans, H, W]}, normalised, under the name {@link HieraEncoder#INPUT}.
     *
     * @param g the graph under construction
     * @return the pixels
     */
    public Value input(GraphBuilder g) {
        List<Integer> size = config.inputSize();
        return g.input(HieraEncoder.INPUT, Shape.batched(config.inChans(), size.get(0), size.get(1)));
    }

    /**
     * {@return the maps at the end of each stage, finest first: {@code [B, h, w, C]} with {@code h, w} of
     * {@link HieraDetConfig#stageGrid} and {@code C} of {@link HieraDetConfig#stageDim}}
     *
     * @param g scoped to the prefix of the trunk's parameters
     * @param pixels {@code [B, inChans, H, W]} of the configured size
     */
    public List<Value> build(GraphBuilder g, Value pixels) {
        Value map = g.add(patches(g, pixels), positions(g)); // [B, h, w, embedDim]
        WindowTokens x = new WindowTokens(
                g.reshape(map, Shape.batched(map.size(1) * map.size(2), map.size(3))),
                WindowLayout.raster(config.tokenGrid()));
        List<Value> stages = new ArrayList<>();
        for (HieraDetBlockPlan plan : HieraDetBlockPlan.of(config)) {
            x = new HieraDetBlock(plan, config.layerNormEps(), naming).build(g.scope("blocks." + plan.index()), x);
            if (plan.endsStage()) {
                stages.add(x.map(g.scope("stage" + (stages.size() + 1))));
            }
        }
        return List.copyOf(stages);
    }

    /** {@return the trunk by itself, without drop path, with SAM 2's parameter names; outputs {@link Hiera#stage} 1, 2, …} */
    public Graph inferenceGraph() {
        HieraDet still = new HieraDet(config.toBuilder().dropPathRate(0).build());
        GraphBuilder g = new GraphBuilder();
        List<Value> stages = still.build(g.scope(SAM2_PREFIX), still.input(g));
        for (int stage = 0; stage < stages.size(); stage++) {
            g.output(Hiera.stage(stage + 1), stages.get(stage));
        }
        return g.build();
    }

    /** Embeds {@code [B, inChans, H, W]} as {@code [B, h, w, embedDim]}. */
    private Value patches(GraphBuilder network, Value pixels) {
        GraphBuilder g = network.scope("patch_embed");
        int kernel = config.patchKernel();
        int stride = config.patchStride();
        int padding = config.patchPadding();
        Value patches = g.convolution(
                pixels,
                "proj",
                config.embedDim(),
                List.of(kernel, kernel),
                List.of(stride, stride),
                List.of(padding, padding));
        return g.permute(patches, List.of(0, 2, 3, 1));
    }

    /**
     * {@return the learned grid resized, plus the window embedding tiled: {@code [1, h, w, embedDim]}}
     *
     * @param g the graph under construction
     */
    public Value positions(GraphBuilder g) {
        List<Integer> grid = config.tokenGrid();
        List<Integer> learned = config.positionGrid();
        Value global = g.parameter("pos_embed", Shape.of(1, config.embedDim(), learned.get(0), learned.get(1)));
        Value raster = ResizedEmbedding.channelsLast(g, global, grid, PositionResizing.BICUBIC);
        int window = config.windowEmbedding();
        if (window == 0) {
            return raster;
        }
        Value tile = g.parameter("pos_embed_window", Shape.of(1, config.embedDim(), window, window));
        return ResizedEmbedding.plusTiled(g, raster, tile);
    }
}
