package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.FileSource.Labelled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Something-Something v2: {@code labels.json} (template to number), {@code train.json} and {@code validation.json} (id and
 * template of each video), videos as {@code ID.webm} in the same directory, in {@code 20bn-something-something-v2} or in {@code videos}.
 */
final class SomethingSomething {
    private static final int MOST_CLASSES = 100_000;
    private static final int LONGEST_ID = 32;

    private SomethingSomething() {}

    static boolean isPresent(Path root) {
        return file(root, "labels").isPresent() && file(root, "train").isPresent();
    }

    private static Optional<Path> file(Path root, String name) {
        return List.of("", "something-something-v2-").stream()
                .map(prefix -> root.resolve(prefix + name + ".json"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    static Dataset open(Path root) {
        Map<String, Integer> numbers = new TreeMap<>();
        Path labels = file(root, "labels").orElseThrow();
        JsonRecords.object(labels, (template, number) -> {
            numbers.put(template, number(number));
            check(numbers.size() <= MOST_CLASSES, "%s: names more than %d classes", labels, MOST_CLASSES);
        });
        String[] names = new String[numbers.size()];
        numbers.forEach((template, number) -> {
            check(
                    number >= 0 && number < names.length && names[number] == null,
                    "%s: must number its classes from 0, got %d for '%s'",
                    labels,
                    number,
                    Printable.of(template));
            names[number] = template;
        });
        Optional<Path> validation = file(root, "validation");
        return new Dataset(
                root.toString(),
                List.of(names),
                source(root, file(root, "train").orElseThrow(), numbers),
                validation.map(list -> source(root, list, numbers)).orElse(new FileSource(List.of())),
                validation.map(Path::toString).orElse("nothing"));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException fault) {
            return -1;
        }
    }

    private static FileSource source(Path root, Path list, Map<String, Integer> numbers) {
        Path videos = videos(root);
        List<Labelled> files = new ArrayList<>();
        JsonRecords.list(list, Set.of("id", "template"), entry -> {
            String id = entry.getOrDefault("id", "");
            String template =
                    entry.getOrDefault("template", "").replace("[", "").replace("]", "");
            Integer number = numbers.get(template);
            check(isId(id), "%s: an entry has the id '%s', expected letters and digits", list, Printable.of(id));
            check(
                    number != null,
                    "%s: video %s has the template '%s', which labels.json lacks",
                    list,
                    id,
                    Printable.of(template));
            files.add(new Labelled(videos.resolve(id + ".webm"), Objects.requireNonNull(number)));
        });
        check(!files.isEmpty(), "%s: expected a list of videos with id and template, got none", list);
        PathLists.requireSomeExist(list, files.stream().map(Labelled::path).toList());
        return new FileSource(files);
    }

    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_ID
                && text.chars().allMatch(c -> c == '_' || (c < 128 && Character.isLetterOrDigit(c)));
    }

    private static Path videos(Path root) {
        return List.of("20bn-something-something-v2", "videos").stream()
                .map(root::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(root);
    }
}
