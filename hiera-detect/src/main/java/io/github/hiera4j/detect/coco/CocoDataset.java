package io.github.hiera4j.detect.coco;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of an annotation file.
 *
 * @param source the file, for messages
 * @param images in file order
 * @param categories by ascending id: the position is the class index of a model
 * @param annotations in file order; every image and category exists
 * @param dropped objects skipped by lenient reading: one line each, with position, id, field and reason
 */
public record CocoDataset(
        Path source,
        List<CocoImage> images,
        List<CocoCategory> categories,
        List<CocoAnnotation> annotations,
        List<String> dropped) {
    /**
     * Copies the collections.
     *
     * @param source the file, for messages
     * @param images in file order
     * @param categories by ascending id: the position is the class index of a model
     * @param annotations in file order; every image and category exists
     * @param dropped objects skipped by lenient reading: one line each, with position, id, field and reason
     */
    public CocoDataset {
        images = List.copyOf(images);
        categories = categories.stream()
                .sorted(Comparator.comparingLong(CocoCategory::id))
                .toList();
        annotations = List.copyOf(annotations);
        dropped = List.copyOf(dropped);
    }

    /**
     * Returns the class index by category id: the position of the id in ascending order.
     *
     * @return the indices
     */
    public Map<Long, Integer> classIndices() {
        Map<Long, Integer> indices = new LinkedHashMap<>();
        for (CocoCategory category : categories) {
            indices.put(category.id(), indices.size());
        }
        return indices;
    }

    /**
     * Returns the annotations by image id, in file order; images without annotations are absent.
     *
     * @return the annotations
     */
    public Map<Long, List<CocoAnnotation>> byImage() {
        Map<Long, List<CocoAnnotation>> byImage = new LinkedHashMap<>();
        for (CocoAnnotation annotation : annotations) {
            byImage.computeIfAbsent(annotation.imageId(), id -> new ArrayList<>())
                    .add(annotation);
        }
        return byImage;
    }
}
