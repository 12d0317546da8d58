package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Checks whether a run can be continued with a recipe: only settings that do not change the result may differ. */
final class RecipeAgreement {
    /** Settings that change only speed, memory, the files that are kept, or the end of a run. */
    private static final Set<String> HARMLESS = Set.of(
            "workers",
            "threads",
            "device",
            "cache_megabytes",
            "keep_checkpoints",
            "checkpoint_steps",
            "checkpoint_minutes",
            "patience",
            "gradient_checkpointing",
            "shard_optimizer");

    private static final String EPOCHS = "epochs";

    private RecipeAgreement() {}

    /**
     * Refuses to continue a run with another recipe. {@code epochs} may be raised.
     *
     * @param file the checkpoint, for messages
     * @param saved settings in the checkpoint; missing ones, which are newer than the checkpoint, have their neutral value
     * @throws HieraException if a setting differs; the message names the first one
     */
    static void require(Path file, Map<String, String> saved, Recipe recipe) {
        Map<String, String> before = new LinkedHashMap<>(saved);
        RecipeSettings.addMissing(before);
        Map<String, String> current = RecipeSettings.of(recipe);
        before.keySet()
                .forEach(key -> check(
                        current.containsKey(key),
                        "%s: was trained with the setting '%s', which this version does not know; continue with the version"
                                + " that wrote it",
                        file,
                        Printable.of(key)));
        current.forEach((key, value) -> {
            String old = Objects.requireNonNull(before.get(key), key);
            check(
                    HARMLESS.contains(key) || value.equals(old) || (key.equals(EPOCHS) && isMore(value, old)),
                    "%s: was trained with %s=%s, this run has %s; %s",
                    file,
                    key,
                    Printable.of(old),
                    value,
                    key.equals(EPOCHS)
                            ? "epochs can be raised when resuming, not lowered"
                            : "resume with the same recipe or choose another --out");
        });
    }

    /** Returns the number of epochs in a checkpoint's recipe. */
    static int epochs(Path file, Map<String, String> saved) {
        try {
            return Integer.parseInt(saved.getOrDefault(EPOCHS, "?"));
        } catch (NumberFormatException fault) {
            throw new HieraException(file + ": not a training checkpoint of Hiera4j: epochs is not a number", fault);
        }
    }

    private static boolean isMore(String value, String old) {
        try {
            return Integer.parseInt(value) > Integer.parseInt(old);
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
