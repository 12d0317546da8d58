package io.github.hiera4j.spark;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A job that ran in this JVM, driver and executor.
 *
 * @param exitCode the exit code of the job
 * @param printed what it printed to both streams
 */
record JobRun(int exitCode, String printed) {
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.master", "local[1]",
            "spark.ui.enabled", "false",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1");

    static JobRun of(String... arguments) {
        return with(Map.of(), arguments);
    }

    /** @param more additional settings of Spark */
    static JobRun with(Map<String, String> more, String... arguments) {
        Map<String, String> settings = settings(more);
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        int exitCode;
        try {
            settings.forEach(System::setProperty);
            exitCode = HieraSparkJob.run(arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
            settings.keySet().forEach(System::clearProperty);
        }
        return new JobRun(exitCode, bytes.toString(StandardCharsets.UTF_8));
    }

    private static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.putAll(more);
        return settings;
    }

    /** Returns the rows that a job wrote. */
    static List<Row> rows(String output) {
        SparkSession.Builder builder = SparkSession.builder();
        SETTINGS.forEach(builder::config);
        SparkSession spark = builder.getOrCreate();
        try {
            return spark.read().parquet(output).collectAsList();
        } finally {
            spark.stop();
        }
    }
}
