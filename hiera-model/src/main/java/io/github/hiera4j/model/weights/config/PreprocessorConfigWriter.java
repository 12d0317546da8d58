package io.github.hiera4j.model.weights.config;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.network.HieraConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes transformers' {@code preprocessor_config.json}, so that its image processors prepare pictures as the model expects.
 *
 * <p>transformers only crops after resizing. If training here crops first, the same part of the picture is used, but pixels at
 * its edge differ slightly; {@link SidecarFile} stores the exact rule for Hiera4j.
 */
public final class PreprocessorConfigWriter {
    private PreprocessorConfigWriter() {}

    /**
     * {@return the content of the file}
     *
     * @param config the settings of the encoder
     * @param hints how images are prepared
     */
    public static String text(HieraConfig config, PreprocessHints hints) {
        List<Integer> input = config.inputSize();
        int height = input.get(0);
        int width = input.get(1);
        int resizedHeight = (int) Math.floor(height / hints.cropPct());
        int resizedWidth = (int) Math.floor(width / hints.cropPct());
        boolean squash = switch (hints.cropOrder()) {
            case SQUASH_THEN_CROP, SQUASH_THEN_CROP_DOWN -> true;
            case RESIZE_THEN_CROP, RESIZE_THEN_CROP_DOWN, CROP_THEN_RESIZE -> height != width;
        };
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("image_processor_type", "BitImageProcessor");
        fields.put("do_convert_rgb", true);
        fields.put("do_resize", true);
        fields.put("size", squash ? sides(resizedHeight, resizedWidth) : Map.of("shortest_edge", resizedHeight));
        fields.put("resample", resample(hints.interpolation()));
        fields.put("do_center_crop", true);
        fields.put("crop_size", sides(height, width));
        fields.put("do_rescale", true);
        fields.put("rescale_factor", 1 / 255.0);
        fields.put("do_normalize", true);
        fields.put("image_mean", hints.mean());
        fields.put("image_std", hints.std());
        return Json.MAPPER.writeValueAsString(fields) + "\n";
    }

    private static Map<String, Integer> sides(int height, int width) {
        Map<String, Integer> sides = new LinkedHashMap<>();
        sides.put("height", height);
        sides.put("width", width);
        return sides;
    }

    /** Returns the number of a filter in Pillow and transformers. */
    private static int resample(String interpolation) {
        return switch (interpolation) {
            case "nearest" -> 0;
            case "lanczos" -> 1;
            case "bilinear" -> 2;
            case "box" -> 4;
            case "hamming" -> 5;
            default -> 3;
        };
    }
}
