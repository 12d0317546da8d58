package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The information in a run's directory that is needed to continue the run.
 *
 * @param recipe of its newest checkpoint, or of its manifest if there is no checkpoint yet
 * @param data path of its data; empty if the manifest does not have it
 */
public record SavedRun(Recipe recipe, Optional<Path> data) {

    /**
     * Reads the manifest and the newest checkpoint.
     *
     * @param root the directory
     * @return the record
     * @throws io.github.hiera4j.model.HieraException if the directory does not contain a run, or its run cannot be read
     */
    public static SavedRun read(Path root) {
        Path manifest = root.resolve("manifest.json");
        boolean described = Files.isRegularFile(manifest);
        Optional<Path> checkpoint = Files.isDirectory(root.resolve("checkpoints"))
                ? RunDirectory.open(root).newest()
                : Optional.empty();
        check(
                described || checkpoint.isPresent(),
                "%s: contains no run to resume; expected the directory of an earlier training run",
                root);
        Optional<JsonNode> content = described ? Optional.of(Json.readObject(manifest)) : Optional.empty();
        Map<String, String> settings = checkpoint.map(SavedRun::recipeOf).orElseGet(() -> recipeOf(content.get()));
        RecipeSettings.addMissing(settings);
        return new SavedRun(RecipeSettings.parse(settings), content.flatMap(node -> dataOf(manifest, node)));
    }

    private static Map<String, String> recipeOf(Path checkpoint) {
        RunDirectory.Loaded loaded = RunDirectory.load(checkpoint);
        loaded.tensors().close();
        return loaded.recipe();
    }

    private static Map<String, String> recipeOf(JsonNode manifest) {
        Map<String, String> settings = new LinkedHashMap<>();
        manifest.path("recipe").forEachEntry((key, value) -> settings.put(key, value.asString("")));
        return settings;
    }

    private static Optional<Path> dataOf(Path file, JsonNode manifest) {
        JsonNode path = manifest.path("data_path");
        try {
            return path.isString() ? Optional.of(Path.of(path.asString())) : Optional.empty();
        } catch (InvalidPathException fault) {
            throw new io.github.hiera4j.model.HieraException(
                    file + ": data_path is not a path: " + Printable.of(path.asString()), fault);
        }
    }
}
