package io.github.hiera4j.serve.model;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A checkpoint and the name by which clients request it.
 *
 * @param name letters, digits, dots, dashes and underscores
 * @param path a file or directory
 */
public record ModelFile(String name, Path path) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    /**
     * Checks the values.
     *
     * @param name letters, digits, dots, dashes and underscores
     * @param path a file or directory
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ModelFile {
        check(
                name.matches(NAME),
                "a model's name has letters, digits, dots, dashes and underscores, up to 100, got '%s': give another with"
                        + " NAME=PATH",
                Printable.of(name));
    }

    /**
     * Parses {@code PATH} or {@code NAME=PATH}; the default name is the file name without its extension.
     *
     * @param text the argument of the command line
     * @return the name and the file
     */
    public static ModelFile parse(String text) {
        int equals = text.indexOf('=');
        if (equals > 0 && text.substring(0, equals).matches(NAME)) {
            return new ModelFile(text.substring(0, equals), Path.of(text.substring(equals + 1)));
        }
        Path path = Path.of(text);
        Path last = path.toAbsolutePath().normalize().getFileName();
        String file = last == null ? "model" : last.toString();
        return new ModelFile(file.replaceFirst("\\.(pth|pt|ckpt|bin|safetensors|index\\.json)$", ""), path);
    }

    /**
     * Returns a fingerprint that changes with the file: sizes, times and identities; for a directory, those of its files.
     *
     * @param at the path, or the location of the weights found for a name
     */
    static String fingerprint(Path at) {
        try {
            if (!Files.isDirectory(at)) {
                return one(at);
            }
            StringBuilder all = new StringBuilder();
            try (Stream<Path> files = Files.list(at)) {
                files.filter(Files::isRegularFile)
                        .sorted()
                        .forEach(file -> all.append(file.getFileName()).append(one(file)));
            }
            return all.toString();
        } catch (IOException gone) {
            return "";
        }
    }

    private static String one(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + " " + attributes.lastModifiedTime() + " "
                    + Objects.requireNonNullElse(attributes.fileKey(), "") + "\n";
        } catch (IOException gone) {
            return "";
        }
    }
}
