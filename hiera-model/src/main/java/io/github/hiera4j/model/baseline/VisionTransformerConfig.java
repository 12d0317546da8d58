package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A plain vision transformer for images or videos.
 *
 * @param inputSize pixels (and frames) per axis
 * @param patchSize pixels (and frames) of a patch per axis
 * @param embedDim channels
 * @param depth number of blocks
 * @param numHeads attention heads
 * @param numClasses number of classes of the head
 * @param averages whether the head reads the mean of all patches, normalised (fine-tuned autoencoders); otherwise the class token
 * @param dropPathRate rate of the last block while training
 * @param layerNormEps added to variances: {@value #EPSILON} as published; the default of transformers is 1e-12
 */
public record VisionTransformerConfig(
        List<Integer> inputSize,
        List<Integer> patchSize,
        int embedDim,
        int depth,
        int numHeads,
        int numClasses,
        boolean averages,
        double dropPathRate,
        double layerNormEps)
        implements BaselineModel {
    /** The epsilon that the released models add to variances. */
    public static final double EPSILON = 1e-6;

    /** Channels of an image. */
    static final int CHANNELS = 3;

    /**
     * Checks the settings.
     *
     * @param inputSize pixels (and frames) per axis
     * @param patchSize pixels (and frames) of a patch per axis
     * @param embedDim channels
     * @param depth number of blocks
     * @param numHeads attention heads
     * @param numClasses number of classes of the head
     * @param averages whether the head reads the mean of all patches
     * @param dropPathRate rate of the last block while training
     * @param layerNormEps added to variances
     */
    public VisionTransformerConfig {
        inputSize = List.copyOf(inputSize);
        patchSize = List.copyOf(patchSize);
        check(
                inputSize.size() == patchSize.size() && (inputSize.size() == 2 || inputSize.size() == 3),
                "expected an input size and a patch size of 2 or 3 axes, got %s and %s",
                inputSize,
                patchSize);
        for (int axis = 0; axis < inputSize.size(); axis++) {
            check(
                    patchSize.get(axis) >= 1
                            && inputSize.get(axis) >= 1
                            && inputSize.get(axis) % patchSize.get(axis) == 0,
                    "the input size %s must be divisible by the patch size %s",
                    inputSize,
                    patchSize);
        }
        check(
                embedDim >= 1 && depth >= 1,
                "expected at least one channel and one block, got %d and %d",
                embedDim,
                depth);
        check(
                numHeads >= 1 && embedDim % numHeads == 0,
                "%d channels must be divisible by %d heads",
                embedDim,
                numHeads);
        check(numClasses >= 0, "the number of classes must be 0 or more, got %d", numClasses);
        check(dropPathRate >= 0 && dropPathRate < 1, "drop path must be in [0, 1), got %s", dropPathRate);
        check(layerNormEps > 0, "layer_norm_eps must be above 0, got %s", layerNormEps);
    }

    /**
     * Creates a configuration with the published epsilon.
     *
     * @param inputSize pixels (and frames) per axis
     * @param patchSize pixels (and frames) of a patch per axis
     * @param embedDim channels
     * @param depth number of blocks
     * @param numHeads attention heads
     * @param numClasses number of classes of the head
     * @param averages whether the head reads the mean of all patches
     * @param dropPathRate rate of the last block while training
     */
    public VisionTransformerConfig(
            List<Integer> inputSize,
            List<Integer> patchSize,
            int embedDim,
            int depth,
            int numHeads,
            int numClasses,
            boolean averages,
            double dropPathRate) {
        this(inputSize, patchSize, embedDim, depth, numHeads, numClasses, averages, dropPathRate, EPSILON);
    }

    /** {@return the same network with another head and drop path}
     *
     * @param classes the number of classes of the head
     * @param dropPath rate of the last block while training
     */
    public VisionTransformerConfig with(int classes, double dropPath) {
        return new VisionTransformerConfig(
                inputSize, patchSize, embedDim, depth, numHeads, classes, averages, dropPath, layerNormEps);
    }

    /**
     * {@return the same network with a head that reads the mean of all patches, or the class token}
     *
     * @param mean whether it reads the mean
     */
    public VisionTransformerConfig averaging(boolean mean) {
        return new VisionTransformerConfig(
                inputSize, patchSize, embedDim, depth, numHeads, numClasses, mean, dropPathRate, layerNormEps);
    }

    /**
     * {@return size, width, depth and head in the terms of Hiera: one stage, no pooling} It determines how inputs are prepared and the
     * number of classes; it does not describe the network.
     */
    @Override
    public HieraConfig encoder() {
        List<Integer> ones = Collections.nCopies(inputSize.size(), 1);
        HieraConfigBuilder shape = inputSize.size() == 3 ? HieraConfig.video().sepPosEmbed(true) : HieraConfig.image();
        return shape.inputSize(inputSize)
                .inChans(CHANNELS)
                .embedDim(embedDim)
                .numHeads(numHeads)
                .numClasses(numClasses)
                .stages(List.of(depth))
                .qPool(0)
                .qStride(ones)
                .maskUnitSize(ones)
                .maskUnitAttn(List.of(false))
                .patchKernel(patchSize)
                .patchStride(patchSize)
                .patchPadding(Collections.nCopies(inputSize.size(), 0))
                .dropPathRate(dropPathRate)
                .layerNormEps(layerNormEps)
                .build();
    }

    /** {@return the grid of the patches} */
    public List<Integer> grid() {
        return Axes.divide(inputSize, patchSize);
    }

    /** {@return the number of patches of an input} */
    public int patches() {
        return Axes.product(grid());
    }

    @Override
    public Shape inputShape() {
        List<Integer> sizes = new ArrayList<>(inputSize);
        sizes.add(0, CHANNELS);
        return Shape.batched(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public String architecture() {
        return "ViT";
    }

    @Override
    public Graph inferenceGraph() {
        return new VisionTransformer(new VisionTransformerConfig(
                        inputSize, patchSize, embedDim, depth, numHeads, numClasses, averages, 0, layerNormEps))
                .inferenceGraph();
    }

    /** Builds the encoder; the only stage is the map of the last block without the class token, {@code [B, (T,) H, W, C]}. */
    @Override
    public Graph encoderGraph() {
        return new VisionTransformer(with(numClasses, 0)).encoderGraph();
    }

    @Override
    public Graph trainingGraph() {
        return new VisionTransformer(this).trainingGraph();
    }
}
