package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import java.util.List;

/**
 * How a checkpoint wants its images prepared, where it says so (timm's {@code pretrained_cfg}).
 *
 * @param mean per channel, of pixels in [0, 1]
 * @param std per channel, of pixels in [0, 1]
 * @param cropPct share of the resized shorter side that the centre crop keeps, in (0, 1]
 * @param interpolation {@code bicubic} or {@code bilinear}
 * @param inputSize height and width of the crop
 */
public record PreprocessHints(
        List<Double> mean, List<Double> std, double cropPct, String interpolation, List<Integer> inputSize) {
    public PreprocessHints {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        inputSize = List.copyOf(inputSize);
        check(!mean.isEmpty() && mean.size() == std.size(), "mean and std must match, got %s and %s", mean, std);
        check(std.stream().allMatch(value -> value > 0), "std must be above 0, got %s", std);
        check(cropPct > 0 && cropPct <= 1, "crop_pct must be in (0, 1], got %s", cropPct);
        check(!interpolation.isBlank(), "interpolation must have a name");
    }
}
