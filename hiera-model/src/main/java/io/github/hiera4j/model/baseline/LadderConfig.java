package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.pooling.PoolingBlockPlan;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rung of the ladder from MViTv2 to Hiera.
 *
 * @param hiera size, width, depth and head, as in Hiera
 * @param rung how much of MViTv2 is left
 * @param zeroPadded whether max-pooling reads zeros beyond a mask unit (the paper's reading, §3.2); otherwise it never chooses the
 *     padding, as PyTorch's does
 */
public record LadderConfig(HieraConfig hiera, Rung rung, boolean zeroPadded) implements BaselineModel {
    /**
     * Checks the settings.
     *
     * @param hiera size, width, depth and head
     * @param rung how much of MViTv2 is left
     * @param zeroPadded whether max-pooling reads zeros in its padding
     */
    public LadderConfig {
        check(
                hiera.axes() >= 2 && hiera.qStride().size() == hiera.axes(),
                "a rung needs images or videos, got input_size %s",
                hiera.inputSize());
        check(
                hiera.axes() == 2 || hiera.maskUnitSize().get(0) == 1,
                "a rung for videos needs mask units of one frame, got mask_unit_size %s",
                hiera.maskUnitSize());
        check(
                hiera.axes() == 2 || rung.separatesUnits(),
                "the start of the ladder for videos is MViTv2, which has a class token: choose an mvitv2 model");
        check(
                hiera.mlpRatio() == PoolingBlockPlan.MLP_RATIO,
                "a rung has an mlp_ratio of %d, got %s",
                PoolingBlockPlan.MLP_RATIO,
                hiera.mlpRatio());
        check(!hiera.absWinPosEmbed(), "a rung does not support the absolute-window position embedding");
    }

    /**
     * {@return a rung whose max-pooling reads zeros beyond a mask unit}
     *
     * @param hiera size, width, depth and head
     * @param rung the rung
     */
    public static LadderConfig of(HieraConfig hiera, Rung rung) {
        return new LadderConfig(hiera, rung, true);
    }

    /**
     * {@return the rung of a model: {@code F} for Hiera, {@code ZERO} for MViTv2, and empty for any other network}
     *
     * @param model a classifier or an autoencoder
     */
    public static Optional<Rung> rungOf(ModelConfig model) {
        if (model instanceof LadderConfig ladder) {
            return Optional.of(ladder.rung());
        }
        if (model instanceof LadderMae ladder) {
            return Optional.of(ladder.rung());
        }
        return model.isHiera()
                ? Optional.of(Rung.F)
                : model instanceof MViTv2Config ? Optional.of(Rung.ZERO) : Optional.empty();
    }

    /**
     * Returns the classifier of a rung as measured in the paper: for videos, rung 0 is MViTv2 with a class token and keys pooled once more.
     *
     * @param hiera size, width, depth and head
     * @param rung the rung
     * @return the classifier
     */
    public static BaselineModel classifier(HieraConfig hiera, Rung rung) {
        return hiera.axes() == 3 && rung == Rung.ZERO ? MViTv2Config.video(hiera) : of(hiera, rung);
    }

    @Override
    public HieraConfig encoder() {
        return hiera;
    }

    /** Returns whether it is Hiera: rung f. */
    @Override
    public boolean isHiera() {
        return rung == Rung.F;
    }

    @Override
    public String architecture() {
        return "rung " + rung.label() + " between MViTv2 and Hiera";
    }

    @Override
    public Graph inferenceGraph() {
        HieraConfig still = hiera.toBuilder().dropPathRate(0).headDropout(0).build();
        return new Ladder(new LadderConfig(still, rung, zeroPadded)).inferenceGraph();
    }

    @Override
    public Graph trainingGraph() {
        return new Ladder(this).trainingGraph();
    }

    @Override
    public Shape inputShape() {
        List<Integer> sizes = new ArrayList<>(hiera.inputSize());
        sizes.add(0, hiera.inChans());
        return Shape.batched(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public int numClasses() {
        return hiera.numClasses();
    }

    /** Returns the stride of keys and values in the first stage per image axis, which makes their grid equal that of stage 3's queries. */
    List<Integer> firstKeyStride() {
        List<Integer> stride = hiera.qStride().subList(hiera.axes() - 2, hiera.axes());
        return Axes.multiply(stride, stride);
    }
}
