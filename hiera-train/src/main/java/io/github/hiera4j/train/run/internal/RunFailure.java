package io.github.hiera4j.train.run.internal;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemory;
import java.nio.file.Path;
import java.util.Optional;

/** The message of a failed run: what happened, what to change, and from which checkpoint the run can be continued. */
public final class RunFailure {
    private RunFailure() {}

    /**
     * {@return the failure as a {@link HieraException} if the user can resolve it, otherwise unchanged}
     *
     * @param failure the failure that ended the run
     * @param batchSize samples per batch of one process
     * @param gradientCheckpointing whether the run already uses it
     * @param step updates so far
     * @param checkpoint the newest checkpoint
     */
    public static RuntimeException explain(
            Throwable failure, int batchSize, boolean gradientCheckpointing, long step, Optional<Path> checkpoint) {
        if (OutOfMemory.isCauseOf(failure)) {
            return new HieraException(
                    "step " + (step + 1) + ": out of memory; " + lessMemory(batchSize, gradientCheckpointing) + "; "
                            + continuing(checkpoint),
                    failure);
        }
        if (failure instanceof Diverged diverged) {
            return diverged;
        }
        if (failure instanceof HieraException known) {
            return new HieraException(known.getMessage() + "; " + continuing(checkpoint), known);
        }
        if (failure instanceof RuntimeException unexpected) {
            return unexpected;
        }
        throw (Error) failure;
    }

    private static String lessMemory(int batchSize, boolean gradientCheckpointing) {
        String smaller = "a batch_size below " + batchSize + " (with more accumulation, in a new run)";
        return gradientCheckpointing
                ? "set " + smaller
                : "set gradient_checkpointing=true (allowed when resuming), or " + smaller;
    }

    private static String continuing(Optional<Path> checkpoint) {
        return checkpoint
                .map(path -> "the newest checkpoint is " + path + ": rerun with --resume to continue")
                .orElse("no checkpoint was written yet");
    }

    /** A loss, gradient or parameter that is not finite: a resumed run would fail at the same step. */
    public static final class Diverged extends HieraException {
        private static final long serialVersionUID = 1;

        /**
         * Describes the failure.
         *
         * @param step the number of the step
         * @param what describes the value that is not finite
         * @param checkpoint the newest checkpoint
         */
        public Diverged(long step, String what, Optional<Path> checkpoint) {
            super("step " + step + ": " + what + "; this step is not saved, "
                    + checkpoint.map(path -> "the newest checkpoint is " + path).orElse("no checkpoint was written yet")
                    + ". Train with a lower learning_rate, a clip_norm, or precision=float32");
        }
    }
}
