package io.github.hiera4j.train.run;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemory;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.Optional;

/** What to tell a person when a run fails: what happened, what to change, and where the run can go on. */
final class RunFailure {
    private RunFailure() {}

    /** The failure as a {@link HieraException} if a person can do something about it, otherwise as it is. */
    static RuntimeException explain(Throwable failure, Recipe recipe, long step, Optional<Path> checkpoint) {
        if (OutOfMemory.isCauseOf(failure)) {
            return new HieraException(
                    "step " + (step + 1) + ": out of memory; " + lessMemory(recipe) + "; " + goingOn(checkpoint),
                    failure);
        }
        if (failure instanceof LossFailure loss) {
            return loss;
        }
        if (failure instanceof HieraException known) {
            return new HieraException(known.getMessage() + "; " + goingOn(checkpoint), known);
        }
        if (failure instanceof RuntimeException unexpected) {
            return unexpected;
        }
        throw (Error) failure;
    }

    private static String lessMemory(Recipe recipe) {
        String smaller = "a batch_size below " + recipe.batchSize() + " (with more accumulation, in a new run)";
        return recipe.gradientCheckpointing()
                ? "set " + smaller
                : "set gradient_checkpointing=true (the same run can go on with it), or " + smaller;
    }

    private static String goingOn(Optional<Path> checkpoint) {
        return checkpoint
                .map(path -> "the last checkpoint, " + path + ", is intact: go on with --resume")
                .orElse("no checkpoint was written yet");
    }

    /** A loss that is not a number: going on would end in the same place. */
    static final class LossFailure extends HieraException {
        private static final long serialVersionUID = 1;

        LossFailure(String message) {
            super(message);
        }
    }
}
