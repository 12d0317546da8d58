package io.github.hiera4j.spark.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Data-parallel training on executors: every task of a barrier stage is one process of the run, as with {@code hiera launch}.
 *
 * <pre>{@code
 * HieraSparkTrainer.of(Recipes.named("small-mae"), 8)
 *         .data(Path.of("/shared/pictures"))
 *         .out(Path.of("/shared/run"))
 *         .run(spark.sparkContext());
 * }</pre>
 *
 * <p>Spark starts all tasks together or none. The task of rank 0 sends its host and a free port to the others; from then on libtorch's
 * collectives connect them, and Spark is not involved in the steps. Data and the run's directory must be visible to all executors.
 */
public final class HieraSparkTrainer {
    private final Recipe recipe;
    private final int processes;
    private @Nullable Path data;
    private @Nullable Path start;
    private Path out = Path.of("run");
    private Trainer.Existing existing = Trainer.Existing.REFUSE;
    private int restarts;

    private HieraSparkTrainer(Recipe recipe, int processes) {
        check(processes >= 1 && processes <= 4096, "processes must be 1 to 4096, got %d", processes);
        this.recipe = recipe;
        this.processes = processes;
    }

    /**
     * Creates a training.
     *
     * @param recipe its settings; {@code batch_size} is per process; {@code threads=0} means the threads of a task
     * @param processes number of tasks that train together; the cluster must have this many free slots at once
     * @return the training
     */
    public static HieraSparkTrainer of(Recipe recipe, int processes) {
        return new HieraSparkTrainer(recipe, processes);
    }

    /**
     * Sets the data set.
     *
     * @param directory a directory or list that all executors can read
     * @return this training
     */
    public HieraSparkTrainer data(Path directory) {
        data = directory;
        return this;
    }

    /**
     * Starts with the weights of a checkpoint.
     *
     * @param checkpoint a checkpoint that all executors can read
     * @return this training
     */
    public HieraSparkTrainer start(Path checkpoint) {
        start = checkpoint;
        return this;
    }

    /**
     * Sets the directory of the run.
     *
     * @param directory visible to all executors
     * @return this training
     */
    public HieraSparkTrainer out(Path directory) {
        out = directory;
        return this;
    }

    /**
     * Sets what to do with an existing run in the directory.
     *
     * @param what the action; by default the run is refused
     * @return this training
     */
    public HieraSparkTrainer existing(Trainer.Existing what) {
        existing = what;
        return this;
    }

    /**
     * Continues from the newest checkpoint when an executor is lost.
     *
     * @param times largest number of restarts; 0, the default: never
     * @return this training
     */
    public HieraSparkTrainer restarts(int times) {
        check(times >= 0 && times <= 1000, "restarts must be 0 to 1000, got %d", times);
        restarts = times;
        return this;
    }

    /**
     * Trains to the end.
     *
     * @param spark the context
     * @return the result
     * @throws HieraException if the training cannot start or fails; if an executor was lost, the message says how to continue
     */
    public Result run(SparkContext spark) {
        check(data != null, "set the data set");
        for (int attempt = 0; ; attempt++) {
            BarrierTask task = new BarrierTask(
                    RecipeSettings.of(recipe),
                    java.util.Objects.requireNonNull(data).toString(),
                    start == null ? "" : start.toString(),
                    out.toString(),
                    existing,
                    attempt > 0);
            try {
                return Result.of(collect(spark, task), out);
            } catch (LostExecutorException lost) {
                if (attempt >= restarts) {
                    throw lost;
                }
            }
        }
    }

    private List<String> collect(SparkContext spark, BarrierTask task) {
        List<Integer> ranks = IntStream.range(0, processes).boxed().toList();
        try {
            Object answers = JavaSparkContext.fromSparkContext(spark)
                    .parallelize(ranks, processes)
                    .rdd()
                    .barrier()
                    .mapPartitions(task, false, scala.reflect.ClassTag$.MODULE$.apply(String.class))
                    .collect();
            return Arrays.asList((String[]) answers);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) { // Scala declares no checked exceptions, but throws this one
            throw new LostExecutorException(reason(failure), failure);
        }
    }

    private String reason(Exception failure) {
        String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        boolean slots = failure instanceof SparkException && text.contains("Barrier execution mode does not allow");
        return slots
                ? processes
                        + " tasks must run at once, and the cluster has fewer cores free: use fewer processes or more"
                        + " executors (" + text + ")"
                : "the training lost a process; continue with --resume, or use --restarts to continue automatically ("
                        + text + ")";
    }

    /** The training ended because one of its processes ended. */
    public static final class LostExecutorException extends HieraException {
        private static final long serialVersionUID = 1;

        LostExecutorException(String message) {
            super(message);
        }

        LostExecutorException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The result of a training.
     *
     * @param complete whether all epochs are done
     * @param steps number of updates of the weights
     * @param model directory of the trained model, which exists if the training is complete
     */
    public record Result(boolean complete, long steps, Path model) {
        /** The results of the tasks: a failure that the user can correct takes precedence over those that follow from it. */
        private static Result of(List<String> answers, Path out) {
            for (String kind : List.of(BarrierTask.FAILED, BarrierTask.LOST)) {
                for (String answer : answers) {
                    if (answer.startsWith(kind)) {
                        String message = answer.substring(kind.length());
                        throw kind.equals(BarrierTask.LOST)
                                ? new LostExecutorException(message)
                                : new HieraException(message);
                    }
                }
            }
            String[] parts = answers.get(0).split(" ", -1);
            return new Result(Boolean.parseBoolean(parts[0]), Long.parseLong(parts[1]), out.resolve("model"));
        }
    }
}
