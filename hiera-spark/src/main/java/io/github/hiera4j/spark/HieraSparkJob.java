package io.github.hiera4j.spark;

import io.github.hiera4j.spark.executor.MediaColumns;
import io.github.hiera4j.spark.executor.ShardFiles;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs a model on all images and videos of a directory, as a job for {@code spark-submit}; the results are written to Parquet files.
 *
 * <pre>{@code
 * spark-submit --class io.github.hiera4j.spark.HieraSparkJob --jars … hiera-spark.jar \
 *     --task embed --input s3a://pictures/ --output s3a://vectors/ --weights s3a://models/hiera_base_224.safetensors
 * }</pre>
 *
 * <p>Exit codes: 0 done, even if some files could not be read; 1 failure; 2 incorrect usage.
 */
@Command(
        name = "HieraSparkJob",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        description = "Embeds, classifies, detects or segments images and videos on a Spark cluster.")
public final class HieraSparkJob implements Callable<Integer> {
    @Option(names = "--task", required = true, paramLabel = "TASK", description = "${COMPLETION-CANDIDATES}.")
    private JobTask task = JobTask.EMBED;

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description =
                    "Files, directories (searched recursively) or globs on any file system that Spark supports; tar"
                            + " files are read entry by entry; with --column, Parquet files.")
    private List<String> inputs = List.of();

    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "The inputs are Parquet files, and this column has paths (string) or content (binary).")
    private @Nullable String column;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "Output directory for Parquet files.")
    private String output = "";

    @Option(names = "--overwrite", description = "Replace existing output; otherwise the job fails.")
    private boolean overwrite;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description =
                    "Distribute the files over this many tasks, each of which writes one Parquet file (default: one"
                            + " per 500 files, at least four per core).")
    private int partitions;

    @Option(names = "--fail-on-error", description = "Exit code 1 if any file has no result; all results are written.")
    private boolean failOnError;

    @Mixin
    private JobOptions options = new JobOptions();

    @Spec
    private @Nullable CommandSpec spec;

    private HieraSparkJob() {}

    /**
     * Runs the job and exits the JVM with its exit code if that is not 0.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        int exitCode = run(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /**
     * Runs the job.
     *
     * @param arguments see {@code --help}
     * @return the exit code: 0 success, 1 failure, 2 incorrect usage
     */
    public static int run(String... arguments) {
        CommandLine commandLine = new CommandLine(new HieraSparkJob());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setAbbreviatedOptionsAllowed(false);
        commandLine.setExecutionExceptionHandler((failure, line, parsed) -> JobFailure.report(failure, line.getErr()));
        commandLine.setParameterExceptionHandler((failure, given) -> {
            JobFailure.print(failure.getCommandLine().getErr(), failure.getMessage() + " (see --help)");
            return CommandLine.ExitCode.USAGE;
        });
        return commandLine.execute(arguments);
    }

    @Override
    public Integer call() {
        MediaTransformer<?> transformer = options.transformer(task, column == null ? "path" : column);
        if (partitions < 0) {
            throw new CommandLine.ParameterException(
                    commandLine(), "--partitions must be 1 or more, got " + partitions);
        }
        SparkSession spark = SparkSession.builder()
                .appName("hiera " + task.name().toLowerCase(Locale.ROOT))
                .getOrCreate();
        try {
            results(spark, transformer)
                    .write()
                    .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
                    .parquet(output);
            return summary(spark, transformer.getErrorCol());
        } finally {
            spark.stop();
        }
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    /** Returns the results for files, which executors open themselves, and for the content of tar files; or for the rows of a table. */
    private Dataset<Row> results(SparkSession spark, MediaTransformer<?> transformer) {
        if (column != null) {
            Dataset<Row> table = spark.read().parquet(inputs.toArray(new String[0]));
            return results(transformer, partitions == 0 ? table : table.repartition(partitions));
        }
        JobInput input = JobInput.of(spark, inputs, partitions);
        Optional<Dataset<Row>> files = input.files().map(rows -> results(transformer, rows));
        Optional<Dataset<Row>> shards =
                input.shards().map(rows -> results(options.transformer(task, ShardFiles.CONTENT), rows));
        return Stream.of(files, shards)
                .flatMap(Optional::stream)
                .reduce(Dataset::union)
                .orElseThrow();
    }

    private static Dataset<Row> results(MediaTransformer<?> transformer, Dataset<Row> rows) {
        Dataset<Row> results = transformer.transform(rows);
        boolean content = rows.schema().apply(transformer.getInputCol()).dataType() instanceof BinaryType;
        // The content remains in the input.
        return content ? results.drop(transformer.getInputCol(), MediaColumns.FAULT) : results;
    }

    /** Counts the written rows: accumulators would count tasks twice that ran twice. */
    private int summary(SparkSession spark, String errorColumn) {
        Row counts = spark.read()
                .parquet(output)
                .agg(functions.count(functions.lit(1)), functions.count(functions.col(errorColumn)))
                .head();
        long failed = counts.getLong(1);
        List<String> lines = new ArrayList<>();
        lines.add(output + ": " + counts.getLong(0) + " rows, " + failed + " without a result");
        if (failed > 0) {
            lines.add("column '" + errorColumn + "' says why");
        }
        PrintWriter out = commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
        return failOnError && failed > 0 ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }
}
