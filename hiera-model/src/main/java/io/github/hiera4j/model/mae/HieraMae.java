package io.github.hiera4j.model.mae;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * Hiera as a masked autoencoder (paper §3.2): mask units, not tokens, are hidden; the encoder sees the rest; the decoder
 * reconstructs the hidden ones.
 *
 * <p>The inputs of its graphs are {@link HieraEncoder#INPUT} and those that {@link MaskUnits#feeds} makes from a mask. The outputs are
 * {@link #LATENT}, {@link #PREDICTION}, {@link #TARGET}, {@link #LOSS} and the stage maps {@code stage1 …}, of shape
 * {@code [B, visible units, (t,) h, w, C]}.
 */
public record HieraMae(MaeConfig config) {
    /** Input {@code [B, units]}: 1 for visible and 0 for hidden units. */
    public static final String VISIBLE_UNITS = "visible_units";

    /** Input {@code [B, visible tokens]}: indices into the unrolled tokens. */
    public static final String VISIBLE_TOKENS = "visible_tokens";

    /** Input {@code [B, N]}: for each raster position, the row of its encoded token or of the mask token. */
    public static final String DECODER_SOURCES = "decoder_sources";

    /** Input {@code [B, M]}: the raster positions that are reconstructed. */
    public static final String HIDDEN_TOKENS = "hidden_tokens";

    /** The fused and normalised encoding of the visible units, {@code [B, visible units, (t,) h, w, C]}. */
    public static final String LATENT = "latent";

    /** The decoder's prediction for the patches of the hidden tokens, {@code [B, M, predictionDim]}; see {@link MaeTarget}. */
    public static final String PREDICTION = "prediction";

    /** The target of the prediction, {@code [B, M, predictionDim]}. */
    public static final String TARGET = "target";

    /** Mean squared error over all hidden patches, {@code [1]}. */
    public static final String LOSS = "loss";

    /**
     * Builds the graph without drop path.
     *
     * @param maskRatio share of the mask units that are hidden, 0 to 1
     * @return the graph, with a symbolic batch
     */
    public Graph inferenceGraph(double maskRatio) {
        return inferenceGraph(MaskUnits.keepCount(units(), maskRatio));
    }

    /**
     * Builds the graph without drop path, for masks with the given number of visible units.
     *
     * @param visible number of visible mask units
     * @return the graph, with a symbolic batch
     */
    public Graph inferenceGraph(int visible) {
        HieraConfig still = config.encoder().toBuilder().dropPathRate(0).build();
        return new HieraMae(config.withEncoder(still)).graph(visible);
    }

    /**
     * Builds the graph with drop path in the encoder, as configured.
     *
     * @param maskRatio share of the mask units that are hidden, 0 to 1
     * @return the graph, with its loss
     */
    public Graph trainingGraph(double maskRatio) {
        return graph(MaskUnits.keepCount(units(), maskRatio));
    }

    private int units() {
        return Axes.product(config.encoder().unitGrid());
    }

    /** Encodes visible mask units: the arguments and the result of {@link HieraEncoder#buildVisible}. */
    @FunctionalInterface
    public interface VisibleEncoder {
        /**
         * {@return the tokens after the last block, and the maps of the stages}
         *
         * @param g the graph under construction
         * @param pixels normalised pixels {@code [B, 3, (T,) H, W]}
         * @param visibleUnits {@code [B, units]}, 1 visible and 0 hidden
         * @param visibleTokens {@code [B, visible tokens]}, indices into the unrolled tokens
         */
        HieraEncoder.Result build(GraphBuilder g, Value pixels, Value visibleUnits, Value visibleTokens);
    }

    private Graph graph(int keep) {
        return graph(keep, new HieraEncoder(config.encoder())::buildVisible);
    }

    /**
     * Builds the autoencoder around another encoder with the same stages.
     *
     * @param visibleEncoder encodes the visible units
     * @param keep number of visible mask units
     * @return the graph, with a symbolic batch
     */
    public Graph graph(int keep, VisibleEncoder visibleEncoder) {
        HieraConfig encoderConfig = config.encoder();
        int units = units();
        int decoderTokens = Axes.product(config.decoderGrid());
        int hidden = (units - keep) * Axes.product(config.finalUnitSize());

        GraphBuilder g = new GraphBuilder();
        HieraEncoder encoder = new HieraEncoder(encoderConfig);
        Value pixels = encoder.input(g);
        Value visibleUnits = g.input(VISIBLE_UNITS, Shape.batched(units));
        Value visibleTokens =
                g.indexInput(VISIBLE_TOKENS, Shape.batched(keep * Axes.product(encoderConfig.maskUnitSize())));
        Value sources = g.indexInput(DECODER_SOURCES, Shape.batched(decoderTokens));
        Value hiddenTokens = g.indexInput(HIDDEN_TOKENS, Shape.batched(hidden));

        HieraEncoder.Result encoded = visibleEncoder.build(g, pixels, visibleUnits, visibleTokens);
        for (int stage = 0; stage < encoded.stages().size(); stage++) {
            g.output(Hiera.stage(stage + 1), encoded.stages().get(stage));
        }
        List<Value> stages = encoded.stages();
        Value fused =
                config.fusesStages() ? new MultiScaleFusion(config).build(g, stages) : stages.get(stages.size() - 1);
        Value latent = g.layerNorm(fused, "encoder_norm", encoderConfig.layerNormEps());
        Value prediction = new MaeDecoder(config).build(g, latent, sources, hiddenTokens);
        Value target = config.target() == MaeTarget.HOG
                ? g.gatherTokens(
                        g.input(HogTargets.INPUT, Shape.batched(decoderTokens, config.predictionDim())), hiddenTokens)
                : new PixelTargets(config).build(g, pixels, hiddenTokens);

        g.output(LATENT, latent);
        g.output(PREDICTION, prediction);
        g.output(TARGET, target);
        g.output(LOSS, g.meanSquaredError(prediction, target));
        return g.build();
    }
}
