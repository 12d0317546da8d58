package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;

/**
 * A rung as a masked autoencoder, from rung a on: mask units, fusion, decoder and targets are those of Hiera.
 *
 * @param mae the autoencoder of the same size
 * @param rung how much of MViTv2 is left
 * @param zeroPadded see {@link LadderConfig}
 */
public record LadderMae(MaeConfig mae, Rung rung, boolean zeroPadded) implements ModelConfig {
    /**
     * Checks the settings.
     *
     * @param mae the autoencoder of the same size
     * @param rung how much of MViTv2 is left
     * @param zeroPadded whether max-pooling reads zeros in its padding
     */
    public LadderMae {
        check(rung.separatesUnits(), "MViTv2 is trained with labels only: choose a rung from a to f");
        check(new LadderConfig(mae.encoder(), rung, zeroPadded).numClasses() == 0, "an autoencoder has no head");
    }

    /**
     * {@return the autoencoder of a rung; max-pooling reads zeros in its padding}
     *
     * @param mae the autoencoder of the same size
     * @param rung how much of MViTv2 is left
     */
    public static LadderMae of(MaeConfig mae, Rung rung) {
        return new LadderMae(mae, rung, true);
    }

    /** Builds the encoder with all mask units visible; the embedding is the mean over the tokens, without a norm. */
    @Override
    public Graph encoderGraph() {
        HieraConfig still = encoder().toBuilder().dropPathRate(0).build();
        GraphBuilder g = new GraphBuilder();
        HieraEncoder.Result encoded =
                new LadderEncoder(new LadderConfig(still, rung, zeroPadded)).build(g, new HieraEncoder(still).input(g));
        for (int stage = 1; stage <= encoded.stages().size(); stage++) {
            g.output(Hiera.stage(stage), encoded.stages().get(stage - 1));
        }
        g.output(Hiera.EMBEDDING, g.mean(encoded.tokens(), 1));
        return g.build();
    }

    @Override
    public boolean isHiera() {
        return rung == Rung.F;
    }

    @Override
    public String architecture() {
        return "a masked autoencoder of rung " + rung.label() + " between MViTv2 and Hiera";
    }

    @Override
    public boolean isAutoencoder() {
        return true;
    }

    @Override
    public HieraConfig encoder() {
        return mae.encoder();
    }

    @Override
    public Graph inferenceGraph() {
        int visible = (int) (Axes.product(encoder().unitGrid()) * (1 - mae.defaultMaskRatio()));
        return inferenceGraph(Math.max(1, visible));
    }

    /**
     * {@return the graph without drop path, for masks with the given number of visible units}
     *
     * @param visible number of units that stay visible in each sample
     */
    public Graph inferenceGraph(int visible) {
        HieraConfig still = encoder().toBuilder().dropPathRate(0).build();
        return new LadderMae(mae.withEncoder(still), rung, zeroPadded).graph(visible);
    }

    /**
     * {@return the graph with drop path in the encoder, as configured}
     *
     * @param maskRatio share of the units that are hidden
     */
    public Graph trainingGraph(double maskRatio) {
        return graph(MaskUnits.keepCount(Axes.product(encoder().unitGrid()), maskRatio));
    }

    private Graph graph(int visible) {
        LadderEncoder blocks = new LadderEncoder(new LadderConfig(encoder(), rung, zeroPadded));
        return new HieraMae(mae).graph(visible, blocks::buildVisible);
    }
}
