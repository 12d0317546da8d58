package io.github.hiera4j.spark.train;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.spark.JobFailure;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@link HieraSparkTrainer} as a job of {@code spark-submit}.
 *
 * <p>Exit codes: 0 trained; 1 failure; 2 incorrect usage.
 */
@Command(
        name = "HieraSparkTraining",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        description = "Trains a model in the tasks of a barrier stage.")
public final class HieraSparkTraining implements Callable<Integer> {
    @Option(
            names = "--processes",
            required = true,
            paramLabel = "N",
            description = "Number of tasks that train together.")
    private int processes;

    @Option(names = "--recipe", required = true, paramLabel = "NAME", description = "Recipe, see hiera recipe list.")
    private String recipe = "";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change one setting; may be repeated.")
    private List<String> settings = List.of();

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set, visible to all nodes.")
    private @Nullable Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The directory of the run, visible to all nodes.")
    private @Nullable Path out;

    @Option(names = "--from", paramLabel = "W", description = "Start from these weights.")
    private @Nullable Path from;

    @Option(names = "--resume", description = "Continue the run in --out.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Discard the existing run in --out.")
    private boolean overwrite;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            description = "Maximum number of restarts after a lost executor (default: 0).")
    private int restarts;

    @Spec
    private @Nullable CommandSpec spec;

    private HieraSparkTraining() {}

    /**
     * Trains and exits the JVM with the exit code if that is not 0.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new HieraSparkTraining());
        commandLine.setExecutionExceptionHandler((failure, line, parsed) -> JobFailure.report(failure, line.getErr()));
        int exitCode = commandLine.execute(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        if (resume && overwrite) {
            throw new CommandLine.ParameterException(line, "expected --resume or --overwrite, got both");
        }
        Recipe chosen;
        try {
            chosen = Recipes.named(recipe);
            for (String setting : settings) {
                chosen = RecipeSettings.assign(chosen, setting);
            }
        } catch (HieraException wrong) {
            throw new CommandLine.ParameterException(line, wrong.getMessage());
        }
        HieraSparkTrainer trainer = HieraSparkTrainer.of(chosen, processes)
                .data(Objects.requireNonNull(data))
                .out(Objects.requireNonNull(out))
                .existing(
                        resume
                                ? Trainer.Existing.RESUME
                                : overwrite ? Trainer.Existing.OVERWRITE : Trainer.Existing.REFUSE)
                .restarts(restarts);
        if (from != null) {
            trainer.start(from);
        }
        SparkSession spark = SparkSession.builder().appName("hiera training").getOrCreate();
        try {
            HieraSparkTrainer.Result result = trainer.run(spark.sparkContext());
            line.getOut()
                    .println(
                            result.complete()
                                    ? "model: " + result.model()
                                    : "stopped after step " + result.steps() + "; continue with --resume");
            line.getOut().flush();
            return 0;
        } finally {
            spark.stop();
        }
    }
}
