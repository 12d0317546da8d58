package io.github.hiera4j.model.zoo;

import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Spelling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of downloaded weights: the system property {@code hiera.home}, else the environment's {@code HIERA_HOME}, else
 * {@code hiera4j} in the user's cache directory.
 *
 * @param directory where it is
 */
public record ModelHome(Path directory) {
    /** {@return the directory as property and environment say} */
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
     * {@return where the weights lie once they are downloaded}
     *
     * @param weights the published weights
     */
    public Path file(PublishedWeights weights) {
        return directory.resolve("weights").resolve(weights.fileName());
    }

    /**
     * {@return the file or directory that a {@code --weights} means: itself where it exists, else the downloaded weights where it is the name
     * of published ones}
     *
     * @param given what a user gave as weights
     * @throws MissingFileException if there is no such file; the message says where weights come from
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
            throw new MissingFileException(given + ": no such file, and the published weights of that name are not in "
                    + file.getParent() + "; download them with 'hiera fetch " + given + "'");
        }
        return file;
    }
}
