package io.github.hiera4j.model.baseline.peers;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * ConvNeXt V2 (Woo et al., 2023) for images: depthwise convolutions of 7 × 7 and a normalisation of each channel's response.
 *
 * @param inputSize height and width in pixels, divisible by 4 · 2^(stages − 1)
 * @param depths blocks of each stage
 * @param dims channels of each stage
 * @param numClasses classes of the head
 * @param dropPathRate rate of the last block while training
 */
public record ConvNeXtV2Config(
        List<Integer> inputSize, List<Integer> depths, List<Integer> dims, int numClasses, double dropPathRate)
        implements BaselineModel {
    /**
     * Checks the settings.
     *
     * @param inputSize height and width in pixels
     * @param depths blocks of each stage
     * @param dims channels of each stage
     * @param numClasses classes of the head
     * @param dropPathRate rate of the last block while training
     */
    public ConvNeXtV2Config {
        inputSize = List.copyOf(inputSize);
        depths = List.copyOf(depths);
        dims = List.copyOf(dims);
        check(inputSize.size() == 2, "ConvNeXt V2 takes images, got the input size %s", inputSize);
        check(
                !depths.isEmpty() && depths.size() == dims.size(),
                "expected one width per stage, got %s and %s",
                dims,
                depths);
        check(numClasses >= 1, "ConvNeXt V2 has a head: num_classes is %d", numClasses);
        check(dropPathRate >= 0 && dropPathRate < 1, "drop path must be in [0, 1), got %s", dropPathRate);
        int stride = 4 << (depths.size() - 1);
        for (int side : inputSize) {
            check(side >= stride && side % stride == 0, "the input size %s must be divisible by %d", inputSize, stride);
        }
    }

    @Override
    public HieraConfig encoder() {
        return PeerSizes.of(inputSize, dims.get(0), depths, numClasses, dropPathRate);
    }

    @Override
    public String architecture() {
        return "ConvNeXt V2";
    }

    @Override
    public Graph inferenceGraph() {
        return new ConvNeXtV2(new ConvNeXtV2Config(inputSize, depths, dims, numClasses, 0)).graph(false);
    }

    @Override
    public Graph trainingGraph() {
        return new ConvNeXtV2(this).graph(true);
    }

    @Override
    public Shape inputShape() {
        return Shape.batched(3, inputSize.get(0), inputSize.get(1));
    }
}
