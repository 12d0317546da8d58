package io.github.hiera4j.train.run;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The default recipe for the pixels and clips of a checkpoint: that of its training run, or one chosen by its input size.
 *
 * @param recipe all settings
 * @param source the origin of the recipe, in words
 */
public record CheckpointRecipe(Recipe recipe, String source) {
    private static final int LARGE_INPUT = 128;
    private static final long MOST_BYTES = 1 << 20;

    /**
     * Takes the recipe from the {@code manifest.json} of the run that contains the weights, otherwise chooses one by the input size.
     *
     * @param checkpoint an open checkpoint
     * @return the recipe
     */
    public static CheckpointRecipe of(Checkpoint checkpoint) {
        CheckpointRecipe known = ofInput(checkpoint.config().encoder());
        return manifest(checkpoint.path())
                .map(file -> ofRun(file, known.recipe()))
                .orElse(known);
    }

    private static CheckpointRecipe ofInput(HieraConfig config) {
        boolean large = config.inputSize().get(config.inputSize().size() - 1) >= LARGE_INPUT;
        if (!config.isVideo()) {
            String name = large ? "in1k-finetune" : "small-finetune";
            return new CheckpointRecipe(Recipes.named(name), name);
        }
        String name = large ? "k400-finetune" : "small-video-finetune";
        Recipe recipe = Recipes.named(name);
        // A batch of large clips takes gigabytes and is no faster on a processor.
        return new CheckpointRecipe(large ? recipe.with("batch_size", "1") : recipe, name);
    }

    /** Returns {@code RUN/manifest.json} of {@code RUN/model/model.safetensors}. */
    private static Optional<Path> manifest(Path weights) {
        Path directory = weights.toAbsolutePath().normalize().getParent();
        if (directory == null || !(directory.endsWith("model") || directory.endsWith("best"))) {
            return Optional.empty();
        }
        return Optional.of(directory.resolveSibling("manifest.json")).filter(Files::isRegularFile);
    }

    private static CheckpointRecipe ofRun(Path file, Recipe otherwise) {
        Map<String, String> settings = new LinkedHashMap<>(RecipeSettings.of(otherwise));
        try {
            if (Files.size(file) > MOST_BYTES) {
                return new CheckpointRecipe(otherwise, "by input size (" + file + " is too large)");
            }
            JsonNode saved =
                    JsonMapper.shared().readTree(Files.readString(file)).path("recipe");
            for (Map.Entry<String, JsonNode> setting : saved.properties()) {
                if (settings.containsKey(setting.getKey()) && setting.getValue().isValueNode()) {
                    settings.put(setting.getKey(), setting.getValue().asString());
                }
            }
            return new CheckpointRecipe(RecipeSettings.parse(settings), file.toString());
        } catch (IOException | JacksonException | io.github.hiera4j.model.HieraException fault) {
            return new CheckpointRecipe(otherwise, "by input size (" + file + " cannot be read)");
        }
    }
}
