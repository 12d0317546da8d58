package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.FileSource.Labelled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Places365's lists: {@code places365_train_standard.txt} (or {@code _challenge}), {@code places365_val.txt} and {@code
 * categories_places365.txt}, with images in the directories of its archives.
 */
final class Places {
    private static final List<String> TRAIN =
            List.of("data_large_standard", "data_large", "data_256_standard", "data_256", "train");
    private static final List<String> VALIDATION = List.of("val_large", "val_256", "val");

    private Places() {}

    static boolean isPresent(Path root) {
        return Files.isRegularFile(root.resolve("places365_val.txt"))
                || train(root).isPresent();
    }

    private static Optional<Path> train(Path root) {
        return List.of("places365_train_standard.txt", "places365_train_challenge.txt").stream()
                .map(root::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    static Dataset open(Path root) {
        List<Labelled> train = train(root)
                .map(list -> PathLists.labelledBelow(directory(root, TRAIN), list))
                .orElse(List.of());
        Path list = root.resolve("places365_val.txt");
        List<Labelled> held =
                Files.isRegularFile(list) ? PathLists.labelledBelow(directory(root, VALIDATION), list) : List.of();
        return new Dataset(
                root.toString(),
                names(root),
                new FileSource(train),
                new FileSource(held),
                held.isEmpty() ? "nothing" : "all of " + list);
    }

    private static Path directory(Path root, List<String> names) {
        return names.stream()
                .map(root::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(root);
    }

    /** Returns the class names; of {@code /a/airfield 0}, the letter is left out. */
    private static List<String> names(Path root) {
        Path file = root.resolve("categories_places365.txt");
        check(Files.isRegularFile(file), "%s: no such file; it names the classes of Places365", file);
        List<String> names = PathLists.numberedNames(file);
        return names.stream()
                .map(name ->
                        name.length() > 3 && name.charAt(0) == '/' && name.charAt(2) == '/' ? name.substring(3) : name)
                .toList();
    }
}
