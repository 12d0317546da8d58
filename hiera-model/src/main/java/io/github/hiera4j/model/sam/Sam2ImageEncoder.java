package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.network.ChannelLast;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the image features for the mask decoder: once per image, independently of the prompts.
 *
 * <p>The graph's input is {@link io.github.hiera4j.model.network.HieraEncoder#INPUT}, {@code [B, 3, S, S]}, normalised. In addition
 * to the outputs named here it has the trunk's {@link Hiera#stage} maps and the pyramid {@link #pyramid}.
 */
public record Sam2ImageEncoder(Sam2Config config) {
    /** The map at stride 16 as tokens in raster order, {@code [B, h·w, dim]}; includes {@code no_mem_embed}. */
    public static final String EMBEDDING = "image_embedding";

    /** The decoder's input map at stride 4, {@code [B, 4h, 4w, dim / 8]}. */
    public static final String HIGH_RESOLUTION_0 = "high_res_0";

    /** The decoder's input map at stride 8, {@code [B, 2h, 2w, dim / 4]}. */
    public static final String HIGH_RESOLUTION_1 = "high_res_1";

    /** The outputs that the mask decoder needs. */
    public static final List<String> OUTPUTS = List.of(EMBEDDING, HIGH_RESOLUTION_0, HIGH_RESOLUTION_1);

    private static final String NECK_PREFIX = "image_encoder.neck";

    /**
     * {@return the name of the output with a level of the pyramid, {@code [B, h, w, dim]}; 0 is stride 4, 2 is stride 16}
     *
     * @param level the level; 0 is the finest
     */
    public static String pyramid(int level) {
        return "fpn" + level;
    }

    /** {@return the network} */
    public Graph graph() {
        GraphBuilder g = new GraphBuilder();
        HieraDet trunk = new HieraDet(config.trunk());
        List<Value> stages = trunk.build(g.scope(HieraDet.SAM2_PREFIX), trunk.input(g));
        for (int stage = 0; stage < stages.size(); stage++) {
            g.output(Hiera.stage(stage + 1), stages.get(stage));
        }
        addNeck(g, stages);
        return g.build();
    }

    /** {@return the network after the trunk; its inputs are the maps of the trunk's stages, with the names of {@link Hiera#stage}} */
    public Graph neckGraph() {
        Graph trunk = graph();
        GraphBuilder g = new GraphBuilder();
        List<Value> stages = new ArrayList<>();
        for (int stage = 1; stage <= Sam2Config.LEVELS; stage++) {
            String name = Hiera.stage(stage);
            stages.add(g.input(name, trunk.output(name).shape()));
        }
        addNeck(g, stages);
        return g.build();
    }

    private void addNeck(GraphBuilder g, List<Value> stages) {
        List<Value> levels = new Sam2Neck(config).build(g.scope(NECK_PREFIX), stages);
        for (int level = 0; level < levels.size(); level++) {
            g.output(pyramid(level), levels.get(level));
        }
        Value coarse = levels.get(2);
        int tokens = coarse.size(1) * coarse.size(2);
        Value noMemory = g.parameter("no_mem_embed", Shape.of(1, 1, config.dim()));
        g.output(EMBEDDING, g.add(g.reshape(coarse, Shape.batched(tokens, config.dim())), noMemory));
        g.output(HIGH_RESOLUTION_0, highResolution(g, stages, levels, 0, config.dim() / 8));
        g.output(HIGH_RESOLUTION_1, highResolution(g, stages, levels, 1, config.dim() / 4));
    }

    /**
     * Builds a fine level, narrowed for the decoder. If a level is just the projection of its stage, the two linear layers are
     * merged, so that the wide map is not computed.
     */
    private Value highResolution(GraphBuilder g, List<Value> stages, List<Value> levels, int level, int channels) {
        GraphBuilder decoder = g.scope(Sam2MaskDecoder.PREFIX);
        String narrow = "conv_s" + level;
        if (config.topDownLevels().contains(level)) {
            return ChannelLast.pointwise(decoder, levels.get(level), narrow, channels);
        }
        GraphBuilder neck = g.scope(NECK_PREFIX);
        String wide = Sam2Neck.convolution(level);
        Value stage = stages.get(level);
        Value wideWeight = ChannelLast.pointwiseWeight(neck, wide, config.dim(), stage.size(-1));
        Value wideBias = neck.parameter(wide + ".bias", Shape.of(config.dim()));
        Value narrowWeight = ChannelLast.pointwiseWeight(decoder, narrow, channels, config.dim());
        Value narrowBias = decoder.parameter(narrow + ".bias", Shape.of(channels));
        Value weight = decoder.matmul(narrowWeight, narrow + ".joined", decoder.permute(wideWeight, List.of(1, 0)));
        Value carried = decoder.matmul(decoder.reshape(wideBias, 1, config.dim()), narrow + ".carried", narrowWeight);
        Value bias = decoder.add(decoder.reshape(carried, channels), narrowBias);
        return decoder.linear(stage, narrow, weight, bias);
    }
}
