package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import java.util.List;
import java.util.Optional;

/**
 * How a checkpoint wants its pictures and clips prepared, where it says so: timm's {@code pretrained_cfg}, or the
 * {@link SidecarFile} of a model that was trained here.
 *
 * @param mean per channel, of pixels in [0, 1]
 * @param std per channel, of pixels in [0, 1]
 * @param cropPct share of the shorter side that the centre crop keeps, in (0, 1]
 * @param interpolation {@code bicubic} or {@code bilinear}
 * @param inputSize height and width of the crop
 * @param cropOrder whether the crop is cut out of the resized or of the original picture
 * @param views what is shown of a video; empty: as the released models were tested
 */
public record PreprocessHints(
        List<Double> mean,
        List<Double> std,
        double cropPct,
        String interpolation,
        List<Integer> inputSize,
        CropOrder cropOrder,
        Optional<Views> views) {

    /** What comes first. The pixels differ: a crop of a resized picture begins at a whole pixel of it. */
    public enum CropOrder {
        /** As timm and the released models do. */
        RESIZE_THEN_CROP,
        /** As training here does. */
        CROP_THEN_RESIZE,
        /** Resized to the share's sides whatever the picture's ratio, then cropped. */
        SQUASH_THEN_CROP,
        /** As {@link #RESIZE_THEN_CROP}, but half a pixel left over at the crop's edge is rounded down, as transformers does. */
        RESIZE_THEN_CROP_DOWN,
        /** As {@link #SQUASH_THEN_CROP}, half a pixel rounded down. */
        SQUASH_THEN_CROP_DOWN
    }

    /**
     * The clips of a video that are shown, and how often each is cropped; the results are averaged.
     *
     * @param frameStride frames from one to the next, counted at 30 per second, 1 to 1000
     * @param clips clips of a video, spread evenly over it, 1 to 32
     * @param crops crops of each clip: 1, the centre; or 3, along the longer side
     */
    public record Views(int frameStride, int clips, int crops) {
        /** Clips of a video, at most. */
        public static final int MOST_CLIPS = 32;
        /** Frames from one frame of a clip to the next, at most. */
        public static final int LONGEST_STRIDE = 1000;

        /**
         * Checks the values.
         *
         * @param frameStride frames from one to the next, counted at 30 per second, 1 to 1000
         * @param clips clips of a video, spread evenly over it, 1 to 32
         * @param crops crops of each clip: 1, the centre; or 3, along the longer side
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
     * @param cropOrder whether the crop is cut out of the resized or of the original picture
     * @param views what is shown of a video; empty: as the released models were tested
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public PreprocessHints {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        inputSize = List.copyOf(inputSize);
        check(!mean.isEmpty() && mean.size() == std.size(), "mean and std must match, got %s and %s", mean, std);
        check(std.stream().allMatch(value -> value > 0), "std must be above 0, got %s", std);
        check(cropPct > 0 && cropPct <= 1, "crop_pct must be in (0, 1], got %s", cropPct);
        check(
                interpolation.matches("[A-Za-z0-9_-]{1,40}"),
                "interpolation must be a name, such as bicubic, got '%s'",
                Printable.of(interpolation));
    }

    /**
     * As the released models were trained and tested: bicubic, a crop of 224 out of 256, colours of ImageNet.
     *
     * @param config the encoder whose input is prepared
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
     * What timm can say: resize, then crop; nothing about clips.
     *
     * @param mean per channel, subtracted from pixels of 0 to 1
     * @param std per channel, divides what is left
     * @param cropPct share of the resized picture that the centre crop keeps
     * @param interpolation the filter of resizing: bicubic or bilinear
     * @param inputSize (frames,) height and width in pixels
     */
    public PreprocessHints(
            List<Double> mean, List<Double> std, double cropPct, String interpolation, List<Integer> inputSize) {
        this(mean, std, cropPct, interpolation, inputSize, CropOrder.RESIZE_THEN_CROP, Optional.empty());
    }
}
