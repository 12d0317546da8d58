package io.github.hiera4j.model.baseline.peers;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * Swin (Liu et al., 2021) for images: attention within windows, which every other block shifts, and a learned bias for each distance.
 *
 * @param inputSize height and width in pixels, divisible by the patch and by every merging
 * @param embedDim channels of the first stage; each stage doubles them
 * @param depths blocks of each stage
 * @param numHeads attention heads of each stage
 * @param windowSize tokens along a window's side, or the grid's side if it is smaller
 * @param numClasses classes of the head
 * @param dropPathRate rate of the last block while training
 */
public record SwinConfig(
        List<Integer> inputSize,
        int embedDim,
        List<Integer> depths,
        List<Integer> numHeads,
        int windowSize,
        int numClasses,
        double dropPathRate)
        implements BaselineModel {
    static final int PATCH = 4;

    /**
     * Checks the settings.
     *
     * @param inputSize height and width in pixels
     * @param embedDim channels of the first stage
     * @param depths blocks of each stage
     * @param numHeads attention heads of each stage
     * @param windowSize tokens along a window's side
     * @param numClasses classes of the head
     * @param dropPathRate rate of the last block while training
     */
    public SwinConfig {
        inputSize = List.copyOf(inputSize);
        depths = List.copyOf(depths);
        numHeads = List.copyOf(numHeads);
        check(inputSize.size() == 2, "Swin takes images, got the input size %s", inputSize);
        check(
                !depths.isEmpty() && depths.size() == numHeads.size() && embedDim >= 1 && windowSize >= 1,
                "expected one number of heads per stage, got num_heads %s and depths %s",
                numHeads,
                depths);
        check(numClasses >= 1, "Swin has a head: num_classes is %d", numClasses);
        check(dropPathRate >= 0 && dropPathRate < 1, "drop path must be in [0, 1), got %s", dropPathRate);
        for (int stage = 0; stage < depths.size(); stage++) {
            check(
                    (embedDim << stage) % numHeads.get(stage) == 0 && depths.get(stage) >= 1,
                    "%d channels must be divisible by %d heads",
                    embedDim << stage,
                    numHeads.get(stage));
            for (int side : inputSize) {
                int tokens = side / (PATCH << stage);
                check(
                        side % (PATCH << stage) == 0 && tokens >= 1 && tokens % Math.min(windowSize, tokens) == 0,
                        "with the input size %s the grid of stage %d is not divisible by the window size %d",
                        inputSize,
                        stage + 1,
                        windowSize);
            }
        }
    }

    @Override
    public HieraConfig encoder() {
        return PeerSizes.of(inputSize, embedDim, depths, numClasses, dropPathRate);
    }

    @Override
    public String architecture() {
        return "Swin";
    }

    @Override
    public Graph inferenceGraph() {
        return new Swin(new SwinConfig(inputSize, embedDim, depths, numHeads, windowSize, numClasses, 0)).graph(false);
    }

    @Override
    public Graph trainingGraph() {
        return new Swin(this).graph(true);
    }

    @Override
    public Shape inputShape() {
        return Shape.batched(3, inputSize.get(0), inputSize.get(1));
    }
}
