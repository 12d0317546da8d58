package io.github.hiera4j.train.study;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.report.TextFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What came out of one finished training: {@code result.json} in its directory. A continued study reads it and starts the next training.
 *
 * @param figures of the last evaluation, by name
 * @param steps updates in total
 * @param seconds duration of the training, over all its parts if it was interrupted
 */
record StudyRun(Map<String, Double> figures, long steps, double seconds) {
    private static final String FILE = "result.json";

    StudyRun {
        figures = Map.copyOf(figures);
    }

    /** Reads the result of a finished run; throws if it was trained with another recipe or on other data. */
    static Optional<StudyRun> read(Path directory, Recipe recipe, String data) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode root = Json.readObject(file);
        Map<String, String> trained = new LinkedHashMap<>();
        root.path("recipe").forEachEntry((key, value) -> trained.put(key, value.asString("")));
        Map<String, String> wanted = RecipeSettings.of(recipe);
        wanted.forEach((key, value) -> check(
                value.equals(trained.getOrDefault(key, value)),
                "%s: was trained with %s=%s, this study has %s: choose another --out, or the options of the first call",
                file,
                key,
                trained.getOrDefault(key, value),
                value));
        check(
                data.equals(root.path("data").asString(data)),
                "%s: was trained on other data: choose another --out",
                file);
        Map<String, Double> figures = new LinkedHashMap<>();
        root.path("figures").forEachEntry((name, value) -> figures.put(name, value.asDouble(Double.NaN)));
        return Optional.of(new StudyRun(
                figures, root.path("steps").asLong(0), root.path("seconds").asDouble(0)));
    }

    void write(Path directory, Recipe recipe, String data) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("figures", figures);
        fields.put("steps", steps);
        fields.put("seconds", seconds);
        fields.put("data", data);
        fields.put("recipe", RecipeSettings.of(recipe));
        TextFile.write(directory.resolve(FILE), Json.MAPPER.writeValueAsString(fields) + "\n");
    }
}
