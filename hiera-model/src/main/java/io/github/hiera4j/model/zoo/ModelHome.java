package io.github.hiera4j.model.zoo;

import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Spelling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of downloaded weights: the system property {@code hiera.home}, otherwise the environment variable
 * {@code HIERA_HOME}, otherwise {@code hiera4j} in the user's cache directory.
 *
 * @param directory the directory
 */
public record ModelHome(Path directory) {
    /** {@return the directory according to property and environment} */
    public static ModelHome ofEnvironment() {
        String stated = System.getProperty("hiera.home", System.getenv().getOrDefault("HIERA_HOME", ""));
        if (!stated.isBlank()) {
            return new ModelHome(Path.of(stated));
        }
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path parent = cache.isBlank() ? Path.of(System.getProperty("user.home", "."), ".cache") : Path.of(cache);
        return new ModelHome(parent.resolve("hiera4j"));
    }

    /**
     * {@return the location of weights after they have been downloaded}
     *
     * @param weights the published weights
     */
    public Path file(PublishedWeights weights) {
        return directory.resolve("weights").resolve(weights.fileName());
    }

    /**
     * {@return the file or directory for a value of {@code --weights}: the path itself if it exists, otherwise the downloaded weights if it
     * is the name of published ones}
     *
     * @param given the value given by the user
     * @throws MissingFileException if there is no such file; the message says how to get weights
     */
    public Path resolve(Path given) {
        if (Files.exists(given)) {
            return given;
        }
        Optional<PublishedWeights> published = PublishedWeights.find(given.toString());
        if (published.isEmpty()) {
            throw new MissingFileException(given + ": no such file or directory"
                    + Spelling.suggestion(given.toString(), PublishedWeights.names())
                    + "; 'hiera models' lists the published weights, 'hiera fetch MODEL' downloads them");
        }
        Path file = file(published.get());
        if (!Files.isRegularFile(file)) {
            throw new MissingFileException(
                    given + ": no such file, and the published weights with this name are not in " + file.getParent()
                            + "; download them with 'hiera fetch " + given + "'");
        }
        return file;
    }
}
