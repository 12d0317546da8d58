package io.github.hiera4j.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Detections as a JSON object, as printed by {@code hiera detect --json} and returned by the server. */
public final class DetectionRow {
    private DetectionRow() {}

    /**
     * Returns the JSON object for an image.
     *
     * @param height height of the image, in pixels
     * @param width width of the image, in pixels
     * @param found the detections in the image
     * @return {@code height}, {@code width} and {@code detections}, each with {@code label}, {@code category_id}, {@code score},
     *     {@code box} (left, top, right, bottom) and {@code segmentation} (COCO's compressed run lengths)
     */
    public static Map<String, Object> of(int height, int width, List<Detection> found) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Detection detection : found) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("label", detection.label());
            object.put("category_id", detection.categoryId());
            object.put("score", detection.score());
            object.put("box", List.of(detection.x1(), detection.y1(), detection.x2(), detection.y2()));
            Map<String, Object> mask = new LinkedHashMap<>();
            mask.put("size", List.of(height, width));
            mask.put("counts", detection.mask().compressed());
            object.put("segmentation", mask);
            objects.add(object);
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("height", height);
        row.put("width", width);
        row.put("detections", objects);
        return row;
    }
}
