package io.github.hiera4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's options, exit codes and messages; everything runs in this JVM. */
@OnSparksJava
class HieraSparkJobTest {
    private static final String WEIGHTS =
            TestFiles.checkpoint("nano_official.pth").toString();
    private static final String MEDIA = TestFiles.resource("/mixed").toString();

    @TempDir
    Path directory;

    private String printed = "";

    private int run(String... arguments) {
        JobRun run = JobRun.of(arguments);
        printed = run.printed();
        return run.exitCode();
    }

    @Test
    void wrongCallsExitWith2AndSayWhy() {
        assertThat(run("--task", "embed")).isEqualTo(2);
        assertThat(printed).startsWith("hiera: Missing required options");
        String[] call = {"--task", "embed", "--input", MEDIA, "--output", "o", "-w", WEIGHTS, "--top", "3"};
        assertThat(run(call)).isEqualTo(2);
        assertThat(printed).startsWith("hiera: --top is not an option of --task embed");
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
        List<Row> rows = JobRun.rows(output.toString());
        assertThat(rows).as("kept by the failed call").hasSize(2);
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly(
                        "path", "modificationTime", "length", "predictions", "prediction", "error", "warnings");
        try (var files = Files.list(output)) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("_SUCCESS");
        }
    }

    @Test
    void picturesInTarFilesHaveTheRowsOfTheirFiles() throws IOException {
        Path media = Path.of(MEDIA);
        ShardFile.write(
                directory.resolve("in/0.tar"), Integer.MAX_VALUE, media, "portrait.png", "empty.jpg", "gray.jpg");
        ShardFile.write(directory.resolve("in/1.TAR"), 700, media, "portrait.png", "gray.jpg");
        Files.copy(media.resolve("gray.jpg"), directory.resolve("in/gray.jpg"));
        Files.copy(media.resolve("portrait.png"), directory.resolve("in/portrait.png"));
        Path output = directory.resolve("vectors");
        // They are in a Hadoop file system other than the local one.
        JobRun run = JobRun.with(
                Map.of("spark.hadoop.fs.test.impl", OtherFileSystem.class.getName()),
                "--task",
                "embed",
                "--input",
                "test://" + directory.resolve("in"),
                "--output",
                output.toString(),
                "-w",
                WEIGHTS);
        assertThat(run.exitCode()).as(run.printed()).isZero();
        assertThat(run.printed()).contains("6 rows, 2 without a result");
        Map<String, Row> rows = new TreeMap<>();
        JobRun.rows(output.toString()).forEach(row -> rows.put(row.getString(0).replaceFirst(".*/in/", ""), row));
        assertThat(rows)
                .containsOnlyKeys(
                        "0.tar!a/portrait.png",
                        "0.tar!a/empty.jpg",
                        "0.tar!a/gray.jpg",
                        "1.TAR",
                        "gray.jpg",
                        "portrait.png");
        for (String name : List.of("gray.jpg", "portrait.png")) {
            List<Float> vector =
                    Objects.requireNonNull(rows.get("0.tar!a/" + name)).getList(3);
            assertThat(vector).isEqualTo(Objects.requireNonNull(rows.get(name)).getList(3));
        }
        assertThat(Objects.requireNonNull(rows.get("0.tar!a/empty.jpg")).getString(4))
                .contains("0.tar!a/empty.jpg: the file is empty");
        assertThat(Objects.requireNonNull(rows.get("1.TAR")).getString(4)).contains("1.TAR: ends too early");
    }

    @Test
    void theReasonOfAnExecutorsFailureIsFound() {
        Throwable failure =
                new SparkException("Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most"
                        + " recent failure: Lost task 0.3 in stage 1.0 (TID 3) (127.0.0.1 executor 1): "
                        + HieraException.class.getName() + ": w.pth: is not on this node\n\tat a.b.C");
        assertThat(JobFailure.reason(failure)).isEqualTo("w.pth: is not on this node");
        assertThat(JobFailure.reason(new SparkException("no\ntrace"))).isEqualTo("no");
        Throwable refusedByJava = new UnsupportedOperationException("getSubject is not supported");
        assertThat(JobFailure.reason(new IllegalStateException("cannot start", refusedByJava)))
                .startsWith("Spark's Hadoop client does not run on Java ")
                .endsWith(": use Java 17 or 21");
    }
}
