package io.github.hiera4j.detect.coco;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The images and instances of a data set for training a detector, without crowds, empty boxes, shapes without pixels, and images
 * without instances.
 *
 * @param classes class index by category id
 * @param images images with at least one instance, in file order
 * @param instances by image id, in file order; at least one
 * @param dropped reason by annotation id
 */
public record CocoTrainingSet(
        Map<Long, Integer> classes,
        List<CocoImage> images,
        Map<Long, List<CocoAnnotation>> instances,
        Map<Long, String> dropped) {

    /**
     * {@return the training set of a data set}
     *
     * @param data the data set
     */
    public static CocoTrainingSet of(CocoDataset data) {
        Map<Long, List<CocoAnnotation>> byImage = data.byImage();
        Map<Long, List<CocoAnnotation>> instances = new LinkedHashMap<>();
        Map<Long, String> dropped = new LinkedHashMap<>();
        List<CocoImage> images = new ArrayList<>();
        for (CocoImage image : data.images()) {
            List<CocoAnnotation> kept = new ArrayList<>();
            for (CocoAnnotation annotation : byImage.getOrDefault(image.id(), List.of())) {
                String reason = reason(annotation, image);
                if (reason == null) {
                    kept.add(annotation);
                } else {
                    dropped.put(annotation.id(), reason);
                }
            }
            if (!kept.isEmpty()) {
                instances.put(image.id(), List.copyOf(kept));
                images.add(image);
            }
        }
        return new CocoTrainingSet(data.classIndices(), images, instances, dropped);
    }

    /** Returns why an annotation is not used for training, or null if it is. */
    private static @Nullable String reason(CocoAnnotation annotation, CocoImage image) {
        if (annotation.crowd()) {
            return "crowd";
        }
        if (annotation.width() <= 0 || annotation.height() <= 0) {
            return "the box has no area";
        }
        if (annotation.segmentation() == null) {
            return "no polygon of at least three points, and no runs";
        }
        if (annotation.segmentation().mask(image.height(), image.width()).area() == 0) {
            return "no part is inside the image";
        }
        return null;
    }

    /**
     * {@return the file of an image}
     *
     * @param folder the image folder
     * @param image the image's entry in the annotations
     * @throws MissingFileException if it does not exist
     * @throws HieraException if a symbolic link leads out of the folder
     */
    public static Path file(Path folder, CocoImage image) {
        Path file = folder.resolve(image.fileName());
        if (!Files.isRegularFile(file)) {
            throw new MissingFileException(folder + ": the file '" + Printable.of(image.fileName()) + "' of image "
                    + image.id() + " is missing");
        }
        try {
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw new HieraException(folder + ": the file '" + Printable.of(image.fileName()) + "' of image "
                        + image.id() + " is a link to a file outside the folder");
            }
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + e.getMessage(), e);
        }
        return file;
    }
}
