package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import java.util.List;
import java.util.Optional;

/**
 * How pictures and clips are to be prepared according to a checkpoint: from timm's {@code pretrained_cfg}, or from the
 * {@link SidecarFile} of a model that was trained here.
 *
 * @param mean per channel, of pixels in [0, 1]
 * @param std per channel, of pixels in [0, 1]
 * @param cropPct share of the shorter side that the centre crop keeps, in (0, 1]
 * @param interpolation {@code bicubic} or {@code bilinear}
 * @param inputSize height and width of the crop
 * @param cropOrder whether the resized or the original picture is cropped
 * @param views the views of a video; empty for those with which the released models were tested
 */
public record PreprocessHints(
        List<Double> mean,
        List<Double> std,
        double cropPct,
        String interpolation,
        List<Integer> inputSize,
        CropOrder cropOrder,
        Optional<Views> views) {

    /** The order of resizing and cropping. The pixels differ: a crop of a resized picture begins at a whole pixel of it. */
    public enum CropOrder {
        /** The order of timm and the released models. */
        RESIZE_THEN_CROP,
        /** The order of training in Hiera4j. */
        CROP_THEN_RESIZE,
        /** Resizes without keeping the picture's aspect ratio, then crops. */
        SQUASH_THEN_CROP,
        /** Like {@link #RESIZE_THEN_CROP}, but half a pixel at the crop's edge is rounded down, as in transformers. */
        RESIZE_THEN_CROP_DOWN,
        /** Like {@link #SQUASH_THEN_CROP}, but half a pixel is rounded down. */
        SQUASH_THEN_CROP_DOWN
    }

    /**
     * The number of clips of a video and of crops of each clip; the results are averaged.
     *
     * @param frameStride distance between frames of a clip, in frames at 30 per second, 1 to 1000
     * @param clips number of clips of a video, evenly spaced, 1 to 32
     * @param crops number of crops of each clip: 1 for the centre, or 3 along the longer side
     */
    public record Views(int frameStride, int clips, int crops) {
        /** The maximum number of clips of a video. */
        public static final int MOST_CLIPS = 32;
        /** The maximum distance between frames of a clip. */
        public static final int LONGEST_STRIDE = 1000;

        /**
         * Checks the values.
         *
         * @param frameStride distance between frames of a clip, in frames at 30 per second, 1 to 1000
         * @param clips number of clips of a video, evenly spaced, 1 to 32
         * @param crops number of crops of each clip: 1 for the centre, or 3 along the longer side
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public Views {
            check(
                    frameStride >= 1 && frameStride <= LONGEST_STRIDE,
                    "frame_stride must be 1 to %d, got %d",
                    LONGEST_STRIDE,
                    frameStride);
            check(clips >= 1 && clips <= MOST_CLIPS, "test_clips must be 1 to %d, got %d", MOST_CLIPS, clips);
            check(crops == 1 || crops == 3, "test_crops must be 1 or 3, got %d", crops);
        }
    }

    /**
     * Checks the values and copies the collections.
     *
     * @param mean per channel, of pixels in [0, 1]
     * @param std per channel, of pixels in [0, 1]
     * @param cropPct share of the shorter side that the centre crop keeps, in (0, 1]
     * @param interpolation {@code bicubic} or {@code bilinear}
     * @param inputSize height and width of the crop
     * @param cropOrder whether the resized or the original picture is cropped
     * @param views the views of a video; empty for those with which the released models were tested
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public PreprocessHints {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        inputSize = List.copyOf(inputSize);
        check(
                !mean.isEmpty() && mean.size() == std.size(),
                "mean and std must have the same number of values, got %s and %s",
                mean,
                std);
        check(std.stream().allMatch(value -> value > 0), "std must be above 0, got %s", std);
        check(cropPct > 0 && cropPct <= 1, "crop_pct must be in (0, 1], got %s", cropPct);
        check(
                interpolation.matches("[A-Za-z0-9_-]{1,40}"),
                "interpolation must be a name, such as bicubic, got '%s'",
                Printable.of(interpolation));
    }

    /**
     * Returns the preprocessing of the released models: bicubic, a crop of 224 out of 256, colour statistics of ImageNet.
     *
     * @param config the encoder
     * @return the hints
     */
    public static PreprocessHints released(HieraConfig config) {
        List<Integer> input = config.inputSize();
        return new PreprocessHints(
                TimmConfig.IMAGENET_MEAN,
                TimmConfig.IMAGENET_STD,
                224 / 256.0,
                "bicubic",
                input.subList(input.size() - 2, input.size()));
    }

    /**
     * Creates hints with the settings that timm has: resize, then crop; nothing about clips.
     *
     * @param mean per channel, subtracted from pixels of 0 to 1
     * @param std per channel, the divisor after the subtraction
     * @param cropPct share of the resized picture that the centre crop keeps
     * @param interpolation the filter of resizing: bicubic or bilinear
     * @param inputSize (frames,) height and width in pixels
     */
    public PreprocessHints(
            List<Double> mean, List<Double> std, double cropPct, String interpolation, List<Integer> inputSize) {
        this(mean, std, cropPct, interpolation, inputSize, CropOrder.RESIZE_THEN_CROP, Optional.empty());
    }
}
