package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
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
        check(rung.separatesUnits(), "MViTv2 is trained with labels alone: choose a rung from a to f");
        check(new LadderConfig(mae.encoder(), rung, zeroPadded).numClasses() == 0, "an autoencoder has no head");
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
     * @param visible units that stay visible in each sample
     */
    public Graph inferenceGraph(int visible) {
        HieraConfig still = encoder().toBuilder().dropPathRate(0).build();
        MaeConfig quiet = new MaeConfig(still, mae.decoderEmbedDim(), mae.decoderDepth(), mae.decoderNumHeads());
        return new LadderMae(quiet, rung, zeroPadded).graph(visible);
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
