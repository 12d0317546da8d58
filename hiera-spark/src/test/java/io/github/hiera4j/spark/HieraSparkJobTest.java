package io.github.hiera4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's options, exit codes and messages; here everything runs in this JVM. */
class HieraSparkJobTest {
    private static final String WEIGHTS =
            TestFiles.checkpoint("nano_official.pth").toString();
    private static final String MEDIA = TestFiles.resource("/mixed").toString();
    private static final List<String> SETTINGS =
            List.of("spark.master", "spark.ui.enabled", "spark.driver.host", "spark.driver.bindAddress");

    @TempDir
    Path directory;

    private String printed = "";

    @BeforeEach
    void settings() {
        List<String> values = List.of("local[1]", "false", "127.0.0.1", "127.0.0.1");
        for (int i = 0; i < values.size(); i++) {
            System.setProperty(SETTINGS.get(i), values.get(i));
        }
    }

    @AfterEach
    void restore() {
        SETTINGS.forEach(System::clearProperty);
    }

    private int run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            return HieraSparkJob.run(arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
            printed = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void wrongCallsExitWith2AndSayWhy() {
        assertThat(run("--task", "embed")).isEqualTo(2);
        assertThat(printed).startsWith("hiera: Missing required options");
        String[] call = {"--task", "embed", "--input", MEDIA, "--output", "o", "-w", WEIGHTS, "--top", "3"};
        assertThat(run(call)).isEqualTo(2);
        assertThat(printed).startsWith("hiera: --top is no option of --task embed");
        call[8] = "--batch";
        call[9] = "0";
        assertThat(run(call)).isEqualTo(2);
        assertThat(printed).contains("batchSize given invalid value 0");
        call[8] = "--preprocess";
        call[9] = "mine";
        assertThat(run(call)).isEqualTo(2);
        assertThat(printed).contains("--preprocess must be checkpoint or released, got 'mine'");
    }

    @Test
    void resultsAreReplacedOnlyWhenAskedAndMissingWeightsAreOneLine() throws IOException {
        Path output = directory.resolve("classes");
        String[] call = {
            "--task",
            "classify",
            "--input",
            MEDIA + "/portrait.png",
            MEDIA + "/empty.jpg",
            "--output",
            output.toString(),
            "-w",
            WEIGHTS,
            "--top",
            "2"
        };
        assertThat(run(call)).as(printed).isZero();
        assertThat(printed).contains("2 rows, 1 without a result");
        assertThat(run(call)).isEqualTo(1);
        assertThat(printed).contains("already exists");
        String[] again = java.util.Arrays.copyOf(call, call.length + 2);
        again[call.length] = "--overwrite";
        again[call.length + 1] = "--fail-on-error";
        assertThat(run(again)).isEqualTo(1);
        assertThat(printed).contains("2 rows, 1 without a result");
        again[8] = "missing.pth";
        assertThat(run(again)).isEqualTo(1);
        assertThat(printed).contains("hiera: missing.pth: is not on this node");
        SparkSession spark = SparkSession.builder().getOrCreate();
        try {
            List<Row> rows = spark.read().parquet(output.toString()).collectAsList();
            assertThat(rows).as("kept by the failed call").hasSize(2);
            assertThat(spark.read().parquet(output.toString()).columns())
                    .containsExactly(
                            "path", "modificationTime", "length", "predictions", "prediction", "error", "warnings");
        } finally {
            spark.stop();
        }
        try (var files = Files.list(output)) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("_SUCCESS");
        }
    }

    @Test
    void theReasonOfAnExecutorsFailureIsFound() {
        Throwable failure =
                new SparkException("Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most"
                        + " recent failure: Lost task 0.3 in stage 1.0 (TID 3) (127.0.0.1 executor 1): "
                        + HieraException.class.getName() + ": w.pth: is not on this node\n\tat a.b.C");
        assertThat(HieraSparkJob.reason(failure)).isEqualTo("w.pth: is not on this node");
        assertThat(HieraSparkJob.reason(new SparkException("no\ntrace"))).isEqualTo("no");
    }
}
