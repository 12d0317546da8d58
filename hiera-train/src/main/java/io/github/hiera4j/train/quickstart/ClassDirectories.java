package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Writes rendered samples into one directory per class. */
final class ClassDirectories {
    private ClassDirectories() {}

    /** Writes one sample. */
    interface Writer {
        void write(int number, Path file) throws IOException;
    }

    /**
     * Writes {@code directory/CLASS/NUMBER.ending}; samples are of the first class, the second and so on, in turn.
     *
     * @param names the classes
     * @param writer called from several threads
     */
    static void write(Path directory, List<String> names, int count, String ending, Writer writer) {
        try {
            for (String name : names) {
                Files.createDirectories(directory.resolve(name));
            }
        } catch (IOException e) {
            throw new HieraException(directory + ": cannot be created: " + e.getMessage(), e);
        }
        IntStream.range(0, count).parallel().forEach(number -> {
            Path folder = directory.resolve(names.get(number % names.size()));
            Path file = folder.resolve(String.format(Locale.ROOT, "%05d.%s", number, ending));
            try {
                writer.write(number, file);
            } catch (IOException e) {
                throw new HieraException(file + ": cannot be written: " + e.getMessage(), e);
            }
        });
    }
}
