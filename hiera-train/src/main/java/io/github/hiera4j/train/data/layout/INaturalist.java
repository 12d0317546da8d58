package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.FileSource.Labelled;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * iNaturalist's annotations: {@code train2018.json} and {@code val2018.json}, also those of 2017 and 2019, with {@code images},
 * {@code annotations} and {@code categories}; file names are relative to the directory of the annotations.
 */
final class INaturalist {
    private static final int MOST_CLASSES = 100_000;
    private static final int MOST_IMAGES = 20_000_000;

    private INaturalist() {}

    static boolean isPresent(Path root, String part) {
        return file(root, part).isPresent();
    }

    private static Optional<Path> file(Path root, String part) {
        return MediaFiles.files(root, part + "20", ".json").stream().findFirst();
    }

    /** Opens both parts, or only the validation part. */
    static Dataset open(Path root) {
        Optional<Path> train = file(root, "train");
        Optional<Path> validation = file(root, "val");
        Annotations first = Annotations.read(train.or(() -> validation).orElseThrow());
        List<Labelled> held = validation.isEmpty() || train.isEmpty()
                ? List.of()
                : Annotations.read(validation.get()).labelled(root, validation.get(), first.classes());
        List<Labelled> own = first.labelled(root, train.or(() -> validation).orElseThrow(), first.classes());
        return new Dataset(
                root.toString(),
                first.names(),
                new FileSource(train.isPresent() ? own : List.of()),
                new FileSource(train.isPresent() ? held : own),
                validation.map(list -> "all of " + list).orElse("nothing"));
    }

    /**
     * The content of one annotation file.
     *
     * @param images file name by image
     * @param labels category by image
     * @param categories name by category, in the order of their numbers
     */
    private record Annotations(Map<Long, String> images, Map<Long, Long> labels, TreeMap<Long, String> categories) {
        static Annotations read(Path file) {
            Annotations read = new Annotations(new HashMap<>(), new HashMap<>(), new TreeMap<>());
            Map<String, Set<String>> fields = Map.of(
                    "images", Set.of("id", "file_name"),
                    "annotations", Set.of("image_id", "category_id"),
                    "categories", Set.of("id", "name"));
            JsonRecords.lists(file, fields, (list, entry) -> {
                switch (list) {
                    case "images" -> read.images.put(number(file, entry, "id"), text(file, entry, "file_name"));
                    case "annotations" ->
                        read.labels.put(number(file, entry, "image_id"), number(file, entry, "category_id"));
                    default -> read.categories.put(number(file, entry, "id"), text(file, entry, "name"));
                }
                check(
                        read.images.size() <= MOST_IMAGES && read.categories.size() <= MOST_CLASSES,
                        "%s: has more than %d images or %d categories",
                        file,
                        MOST_IMAGES,
                        MOST_CLASSES);
            });
            check(
                    !read.images.isEmpty() && !read.categories.isEmpty(),
                    "%s: expected images, annotations and categories, as iNaturalist has them",
                    file);
            return read;
        }

        private static long number(Path file, Map<String, String> entry, String field) {
            String text = entry.getOrDefault(field, "");
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException fault) {
                throw new DamagedFileException(
                        file + ": an entry has the " + field + " '" + Printable.of(text) + "', expected a number",
                        fault);
            }
        }

        private static String text(Path file, Map<String, String> entry, String field) {
            String text = entry.getOrDefault(field, "");
            check(!text.isBlank(), "%s: an entry has no %s", file, field);
            return text;
        }

        /** Returns the class number of each category. */
        Map<Long, Integer> classes() {
            Map<Long, Integer> numbers = new HashMap<>();
            categories.keySet().forEach(category -> numbers.put(category, numbers.size()));
            return numbers;
        }

        List<String> names() {
            return List.copyOf(categories.values());
        }

        List<Labelled> labelled(Path root, Path file, Map<Long, Integer> classes) {
            List<Labelled> files = new ArrayList<>();
            new TreeMap<>(images).forEach((image, name) -> {
                Long category = labels.get(image);
                Integer number = category == null ? null : classes.get(category);
                if (number == null) {
                    check(false, "%s: image %d has no listed category", file, image);
                } else {
                    files.add(new Labelled(PathLists.resolve(root, file.toString(), name), number));
                }
            });
            PathLists.requireSomeExist(file, files.stream().map(Labelled::path).toList());
            return files;
        }
    }
}
