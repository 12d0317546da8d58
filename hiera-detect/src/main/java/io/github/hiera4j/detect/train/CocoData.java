package io.github.hiera4j.detect.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A data set in COCO's layout: {@code annotations/instances_train2017.json} and {@code annotations/instances_val2017.json}, with or
 * without a year; images in {@code train2017} and {@code val2017}, matching the ends of the annotation file names, in {@code images},
 * or next to {@code annotations}.
 *
 * @param root the directory
 * @param train training images with at least one object
 * @param validation all validation images; null if there are none
 */
public record CocoData(
        Path root, CocoSource train, @Nullable CocoSource validation) {

    /**
     * Opens a data set; a faulty annotation file is rejected.
     *
     * @param root the directory
     * @return the data set
     * @throws HieraException if files are missing or faulty, or the two files have different categories
     */
    public static CocoData open(Path root) {
        Path annotations = root.resolve("annotations");
        check(
                Files.isDirectory(annotations),
                "%s: expected COCO's layout: annotations/instances_train*.json next to the images",
                root);
        Path trainFile = find(annotations, "instances_train");
        check(trainFile != null, "%s: holds no instances_train*.json", annotations);
        CocoDataset train = CocoReader.read(java.util.Objects.requireNonNull(trainFile));
        CocoSource source = CocoSource.training(pictures(root, trainFile), train);
        check(source.size() > 0, "%s: has no image with an object to train on", trainFile);
        Path heldFile = find(annotations, "instances_val");
        if (heldFile == null) {
            return new CocoData(root, source, null);
        }
        CocoDataset held = CocoReader.read(heldFile);
        check(
                held.categories().equals(train.categories()),
                "%s: has different categories from %s",
                heldFile,
                trainFile.getFileName());
        return new CocoData(root, source, CocoSource.validation(pictures(root, heldFile), held));
    }

    private static @Nullable Path find(Path annotations, String start) {
        try (Stream<Path> files = Files.list(annotations)) {
            List<Path> found = files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.startsWith(start) && name.endsWith(".json");
                    })
                    .sorted()
                    .toList();
            check(found.size() <= 1, "%s: contains several files %s*.json; keep only one", annotations, start);
            return found.isEmpty() ? null : found.get(0);
        } catch (IOException e) {
            throw new HieraException(annotations + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path pictures(Path root, Path file) {
        String split =
                String.valueOf(file.getFileName()).replace("instances_", "").replace(".json", "");
        for (String folder : List.of(split, "images/" + split, "images")) {
            if (Files.isDirectory(root.resolve(folder))) {
                return root.resolve(folder);
            }
        }
        return root;
    }

    /** {@return the class names by index} */
    public List<String> classNames() {
        return train.classNames();
    }

    /**
     * Returns the category ids by class index.
     *
     * @return the ids
     */
    public List<Long> categoryIds() {
        return train.categoryIds();
    }

    /** {@return the images as a data set of the training library} */
    public Dataset dataset() {
        CocoSource held = validation;
        return Dataset.unlabelled(
                root.toString(),
                train,
                held == null ? CocoSource.none() : held,
                held == null ? "nothing" : held.size() + " validation images");
    }
}
