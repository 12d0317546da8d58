package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;

/**
 * Device, precision, checkpoints and evaluations of a run.
 *
 * @param precision of the computation: float32 or bfloat16
 * @param gradientCheckpointing whether blocks are computed twice to save memory
 * @param threads compute threads; 0: all cores
 * @param device cpu, cuda or cuda:NUMBER
 * @param seed of all random choices
 * @param checkpointSteps steps between checkpoints; 0: at the end of each epoch
 * @param checkpointMinutes minutes between checkpoints within an epoch; 0: no checkpoints by time
 * @param keepCheckpoints number of checkpoints to keep
 * @param evaluateEvery epochs between evaluations
 * @param patience evaluations in a row without a better result after which the run ends early; 0: never
 * @param gradientExchange element type in which processes that train together exchange gradients: float32 or bfloat16
 * @param shardOptimizer whether each of the processes that train together keeps and updates only a part of the optimiser's state
 */
public record RunSettings(
        String precision,
        boolean gradientCheckpointing,
        int threads,
        String device,
        long seed,
        int checkpointSteps,
        double checkpointMinutes,
        int keepCheckpoints,
        int evaluateEvery,
        int patience,
        String gradientExchange,
        boolean shardOptimizer) {
    private static final double WEEK_MINUTES = 7 * 24 * 60;

    /**
     * Checks the settings.
     *
     * @param precision of the computation: float32 or bfloat16
     * @param gradientCheckpointing whether blocks are computed twice to save memory
     * @param threads compute threads; 0: all cores
     * @param device cpu, cuda or cuda:NUMBER
     * @param seed of all random choices
     * @param checkpointSteps steps between checkpoints; 0: at the end of each epoch
     * @param checkpointMinutes minutes between checkpoints within an epoch; 0: no checkpoints by time
     * @param keepCheckpoints number of checkpoints to keep
     * @param evaluateEvery epochs between evaluations
     * @param patience evaluations in a row without a better result after which the run ends early; 0: never
     * @param gradientExchange element type in which processes exchange gradients: float32 or bfloat16
     * @param shardOptimizer whether each of the processes that train together keeps and updates only a part of the optimiser's state
     * @throws io.github.hiera4j.model.HieraException if a setting is out of range; the message names the first one
     */
    public RunSettings {
        check(
                precision.equals("float32") || precision.equals("bfloat16"),
                "precision must be float32 or bfloat16, got '%s'",
                Printable.of(precision));
        Ranges.between("threads", threads, 0, 1024);
        check(
                device.matches("cpu|cuda(:[0-9]{1,3})?"),
                "device must be cpu, cuda or cuda:NUMBER, got '%s'",
                Printable.of(device));
        Ranges.between("checkpoint_steps", checkpointSteps, 0, Integer.MAX_VALUE);
        Ranges.between("checkpoint_minutes", checkpointMinutes, 0, WEEK_MINUTES);
        Ranges.between("keep_checkpoints", keepCheckpoints, 1, 1000);
        Ranges.between("evaluate_every", evaluateEvery, 1, OptimisationSettings.MOST_EPOCHS);
        Ranges.between("patience", patience, 0, OptimisationSettings.MOST_EPOCHS);
        check(
                gradientExchange.equals("float32") || gradientExchange.equals("bfloat16"),
                "gradient_exchange must be float32 or bfloat16, got '%s'",
                Printable.of(gradientExchange));
    }

    /** {@return the element type of the computation} */
    public DType computeType() {
        return DType.parse(precision);
    }

    /** {@return the options for compiling a graph that is not trained, the same as in training} */
    public CompileOptions compileOptions() {
        return new CompileOptions(computeType(), device, threads);
    }

    /**
     * Returns whether a checkpoint is due within an epoch.
     *
     * @param step updates made so far
     * @param nanoseconds since the last checkpoint
     * @return whether the settings request one now
     */
    public boolean isCheckpointDue(long step, long nanoseconds) {
        return (checkpointSteps > 0 && step % checkpointSteps == 0)
                || (checkpointMinutes > 0 && nanoseconds / 60e9 >= checkpointMinutes);
    }
}
