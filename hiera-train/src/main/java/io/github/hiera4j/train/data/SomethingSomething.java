package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Something-Something v2: {@code labels.json} (template to number), {@code train.json} and {@code validation.json} (id and
 * template of each video), videos as {@code ID.webm} beside them or in {@code 20bn-something-something-v2} or {@code videos}.
 */
final class SomethingSomething {
    private static final long LARGEST_FILE = 1L << 28;

    private SomethingSomething() {}

    static boolean isPresent(Path root) {
        return file(root, "labels") != null && file(root, "train") != null;
    }

    private static @org.jspecify.annotations.Nullable Path file(Path root, String name) {
        for (String prefix : List.of("", "something-something-v2-")) {
            Path file = root.resolve(prefix + name + ".json");
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    static Dataset open(Path root) {
        TreeMap<String, Integer> numbers = new TreeMap<>();
        read(Objects.requireNonNull(file(root, "labels")))
                .forEachEntry((template, number) -> numbers.put(template, number.asInt(-1)));
        String[] names = new String[numbers.size()];
        numbers.forEach((template, number) -> {
            check(
                    number >= 0 && number < names.length && names[number] == null,
                    "%s: labels.json must number its classes from 0, got %d for '%s'",
                    root,
                    number,
                    template);
            names[number] = template;
        });
        Path validation = file(root, "validation");
        return new Dataset(
                root.toString(),
                List.of(names),
                source(root, Objects.requireNonNull(file(root, "train")), numbers),
                validation == null ? new FileSource(List.of()) : source(root, validation, numbers));
    }

    private static FileSource source(Path root, Path list, Map<String, Integer> numbers) {
        Path videos = videos(root);
        List<FileSource.Labelled> files = new ArrayList<>();
        for (JsonNode entry : read(list)) {
            String id = entry.path("id").asString("");
            String template =
                    entry.path("template").asString("").replace("[", "").replace("]", "");
            Integer number = numbers.get(template);
            check(id.matches("\\w+"), "%s: an entry has the id '%s', expected letters and digits", list, id);
            check(number != null, "%s: video %s has the template '%s', which labels.json lacks", list, id, template);
            files.add(new FileSource.Labelled(videos.resolve(id + ".webm"), Objects.requireNonNull(number)));
        }
        check(!files.isEmpty(), "%s: expected a list of videos with id and template, got none", list);
        FileSource.requireSomeExist(list, files);
        return new FileSource(files);
    }

    private static Path videos(Path root) {
        for (String name : List.of("20bn-something-something-v2", "videos")) {
            if (Files.isDirectory(root.resolve(name))) {
                return root.resolve(name);
            }
        }
        return root;
    }

    private static JsonNode read(Path file) {
        try {
            check(Files.size(file) <= LARGEST_FILE, "%s: is too large for a list of videos", file);
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new HieraException(file + ": not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + FileFault.reason(e), e);
        }
    }
}
