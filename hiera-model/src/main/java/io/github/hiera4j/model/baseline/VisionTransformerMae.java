package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ViT as a masked autoencoder (He et al., 2022), for images. The inputs of its graphs are {@code input} and those that {@link #feeds} makes from
 * a mask; the outputs are those of {@link HieraMae} and {@link #LOSS_OF_PIXELS}. A unit of the mask is a patch.
 *
 * @param transformer the encoder; its head is not used
 * @param decoderDim channels of the decoder
 * @param decoderDepth blocks of the decoder
 * @param decoderHeads attention heads of the decoder
 */
public record VisionTransformerMae(
        VisionTransformerConfig transformer, int decoderDim, int decoderDepth, int decoderHeads)
        implements ModelConfig {

    /** The loss on pixels that are not normalised per patch, {@code [1]}. */
    public static final String LOSS_OF_PIXELS = "loss_unnormalised";

    /** Share of the patches that are hidden during pretraining. */
    public static final double MASK_RATIO = 0.75;

    /** Parameters that are fixed tables of sines and cosines. */
    public static final Set<String> POSITION_TABLES = Set.of("pos_embed", "decoder_pos_embed");

    private static final double TARGET_EPSILON = 1e-6;

    /**
     * Checks the settings.
     *
     * @param transformer the encoder
     * @param decoderDim channels of the decoder
     * @param decoderDepth blocks of the decoder
     * @param decoderHeads attention heads of the decoder
     */
    public VisionTransformerMae {
        check(transformer.inputSize().size() == 2, "ViT's autoencoder needs images, got %s", transformer.inputSize());
        check(
                decoderDepth >= 1 && decoderHeads >= 1 && decoderDim % decoderHeads == 0,
                "expected decoder blocks, and %d channels divisible by %d heads",
                decoderDim,
                decoderHeads);
    }

    @Override
    public HieraConfig encoder() {
        return transformer.with(0, transformer.dropPathRate()).encoder();
    }

    @Override
    public boolean isAutoencoder() {
        return true;
    }

    @Override
    public boolean isHiera() {
        return false;
    }

    @Override
    public String architecture() {
        return "a masked autoencoder of ViT";
    }

    /** Builds the graph for the published mask ratio. */
    @Override
    public Graph inferenceGraph() {
        return graph(Math.max(1, (int) (transformer.patches() * (1 - MASK_RATIO))));
    }

    /** Builds the encoder with all patches visible; the embedding is the mean over the normalised patches. */
    @Override
    public Graph encoderGraph() {
        GraphBuilder g = new GraphBuilder();
        VisionTransformer network = new VisionTransformer(transformer.with(0, 0));
        Value normed = g.layerNorm(network.blocks(g), "norm", transformer.layerNormEps());
        g.output(Hiera.stage(1), network.map(g, normed));
        g.output(Hiera.EMBEDDING, g.mean(g.slice(normed, 1, 1, transformer.patches()), 1));
        return g.build();
    }

    /**
     * {@return the released decoder: 512 channels, 8 blocks, 16 heads}
     *
     * @param encoder the encoder
     */
    public static VisionTransformerMae around(VisionTransformerConfig encoder) {
        return new VisionTransformerMae(encoder, 512, 8, 16);
    }

    /**
     * {@return the graph for masks with the given number of visible patches, for inference (without drop path) and training alike}
     *
     * @param visible number of patches that stay visible in each sample
     */
    public Graph graph(int visible) {
        int patches = transformer.patches();
        check(visible >= 1 && visible < patches, "a mask must leave 1 to %d patches, got %d", patches - 1, visible);
        GraphBuilder g = new GraphBuilder();
        Value pixels = g.input(HieraEncoder.INPUT, transformer.inputShape());
        Value visiblePatches = g.indexInput(HieraMae.VISIBLE_TOKENS, Shape.batched(visible));
        Value sources = g.indexInput(HieraMae.DECODER_SOURCES, Shape.batched(1 + patches));
        Value hidden = g.indexInput(HieraMae.HIDDEN_TOKENS, Shape.batched(patches - visible));

        Value latent = encode(g, pixels, visiblePatches);
        Value predicted = decode(g, latent, sources); // [B, N, p²·3]
        Value target = g.gatherTokens(targets(g, pixels), hidden);
        Value hiddenPrediction = g.gatherTokens(predicted, hidden);
        g.output(HieraMae.LATENT, latent);
        g.output(HieraMae.PREDICTION, predicted);
        g.output(HieraMae.LOSS, g.meanSquaredError(hiddenPrediction, g.standardize(target, TARGET_EPSILON)));
        g.output(LOSS_OF_PIXELS, g.meanSquaredError(hiddenPrediction, target));
        return g.build();
    }

    /** Encodes the visible patches: {@code [B, 1 + visible, C]}. */
    private Value encode(GraphBuilder g, Value pixels, Value visiblePatches) {
        VisionTransformer network = new VisionTransformer(transformer);
        Value positions = network.positions(g);
        Value placed = g.add(network.patches(g, pixels), g.slice(positions, 1, 1, transformer.patches()));
        Value classToken = g.parameter("cls_token", Shape.of(1, 1, transformer.embedDim()));
        Value first = g.add(classToken, g.slice(positions, 1, 0, 1));
        Value x = g.concat(1, first, g.gatherTokens(placed, visiblePatches));
        for (int index = 0; index < transformer.depth(); index++) {
            x = network.encoderBlock(g, x, index);
        }
        return g.layerNorm(x, "norm", transformer.layerNormEps());
    }

    private Value decode(GraphBuilder g, Value latent, Value sources) {
        Value embedded = g.linear(latent, "decoder_embed", decoderDim);
        Value maskToken = g.parameter("mask_token", Shape.of(1, 1, decoderDim));
        Value x = g.gatherTokens(g.concat(1, embedded, maskToken), sources); // [B, 1 + N, D]
        x = g.add(x, g.parameter("decoder_pos_embed", Shape.of(1, 1 + transformer.patches(), decoderDim)));
        for (int index = 0; index < decoderDepth; index++) {
            x = VisionTransformer.block(
                    g.scope("decoder_blocks." + index), x, decoderHeads, 0, transformer.layerNormEps());
        }
        Value normed = g.layerNorm(g.slice(x, 1, 1, transformer.patches()), "decoder_norm", transformer.layerNormEps());
        return g.linear(normed, "decoder_pred", patchValues());
    }

    /** {@return the number of values predicted for one patch} */
    public int patchValues() {
        return transformer.patchSize().get(0) * transformer.patchSize().get(1) * VisionTransformerConfig.CHANNELS;
    }

    /** Pixels of each patch in the order (y, x, channel), {@code [B, N, p²·3]}. */
    private Value targets(GraphBuilder g, Value pixels) {
        int height = transformer.patchSize().get(0);
        int width = transformer.patchSize().get(1);
        List<Integer> grid = transformer.grid();
        int channels = VisionTransformerConfig.CHANNELS;
        Value split = g.reshape(pixels, Shape.batched(channels, grid.get(0), height, grid.get(1), width));
        Value patches = g.permute(split, List.of(0, 2, 4, 3, 5, 1));
        return g.reshape(patches, Shape.batched(transformer.patches(), height * width * channels));
    }

    /**
     * {@return the graph's inputs other than the pixels; the mask's units are patches}
     *
     * @param mask the visible units
     */
    public Map<String, HostTensor> feeds(MaskUnits mask) {
        int patches = transformer.patches();
        check(mask.units() == patches, "the model has %d patches, the mask has %d", patches, mask.units());
        int batch = mask.batch();
        int keep = mask.keep();
        long[] visible = new long[batch * keep];
        long[] sources = new long[batch * (1 + patches)]; // row 0 is the class token
        long[] hidden = new long[batch * (patches - keep)];
        int nextHidden = 0;
        for (int sample = 0; sample < batch; sample++) {
            List<Integer> row = mask.visible().get(sample);
            for (int i = 0; i < keep; i++) {
                visible[sample * keep + i] = row.get(i);
            }
            for (int patch = 0; patch < patches; patch++) {
                int rank = row.indexOf(patch);
                sources[sample * (1 + patches) + 1 + patch] = 1L + (rank < 0 ? keep : rank);
                if (rank < 0) {
                    hidden[nextHidden++] = patch;
                }
            }
        }
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraMae.VISIBLE_TOKENS, HostTensor.of(Shape.of(batch, keep), visible));
        feeds.put(HieraMae.DECODER_SOURCES, HostTensor.of(Shape.of(batch, 1 + patches), sources));
        feeds.put(HieraMae.HIDDEN_TOKENS, HostTensor.of(Shape.of(batch, patches - keep), hidden));
        return feeds;
    }

    /** {@return the same autoencoder without drop path} */
    public VisionTransformerMae withoutDropPath() {
        return new VisionTransformerMae(transformer.with(0, 0), decoderDim, decoderDepth, decoderHeads);
    }

    /**
     * {@return a fixed position table of this model, {@code [1, 1 + N, dim]}, float64}
     *
     * @param name one of {@link #POSITION_TABLES}
     */
    public HostTensor positionTable(String name) {
        check(POSITION_TABLES.contains(name), "there is no position table '%s'", name);
        return sineCosine(transformer.grid(), name.equals("pos_embed") ? transformer.embedDim() : decoderDim);
    }

    /**
     * Returns the fixed position table, {@code [1, 1 + N, dim]}: sines and cosines of the column, then of the row; zeros for the class token.
     *
     * @param grid rows and columns
     * @param dim channels
     * @return the table, float64
     */
    public static HostTensor sineCosine(List<Integer> grid, int dim) {
        check(dim % 4 == 0, "sine-cosine positions need channels divisible by 4, got %d", dim);
        int quarter = dim / 4;
        int positions = grid.get(0) * grid.get(1);
        double[] table = new double[(1 + positions) * dim];
        for (int position = 0; position < positions; position++) {
            int first = (1 + position) * dim;
            for (int j = 0; j < quarter; j++) {
                double frequency = Math.pow(10000, -(double) j / quarter);
                double column = position % grid.get(1) * frequency;
                double row = (double) (position / grid.get(1)) * frequency;
                table[first + j] = Math.sin(column);
                table[first + quarter + j] = Math.cos(column);
                table[first + 2 * quarter + j] = Math.sin(row);
                table[first + 3 * quarter + j] = Math.cos(row);
            }
        }
        return HostTensor.of(Shape.of(1, 1 + positions, dim), table);
    }
}
