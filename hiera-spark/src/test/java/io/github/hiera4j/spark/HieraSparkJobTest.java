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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's options, exit codes and messages; everything runs in this JVM. */
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

    /** Creates {@code NAME.tar} with files of the media directory, on a Hadoop file system other than the local one. */
    private Path shard(String name, int keep, String... media) throws IOException {
        Path shard = directory.resolve("in/" + name);
        Files.createDirectories(shard.getParent());
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(shard))) {
            for (String file : media) {
                byte[] content = Files.readAllBytes(Path.of(MEDIA).resolve(file));
                TarArchiveEntry entry = new TarArchiveEntry("a/" + file);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
                tar.putArchiveEntry(new TarArchiveEntry("a/" + file.replaceFirst("[.].*", ".cls")));
                tar.closeArchiveEntry();
            }
        }
        byte[] bytes = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(bytes, Math.min(keep, bytes.length)));
        return shard;
    }

    @Test
    void picturesInTarFilesHaveTheRowsOfTheirFiles() throws IOException {
        shard("0.tar", Integer.MAX_VALUE, "portrait.png", "empty.jpg", "gray.jpg");
        shard("1.TAR", 700, "portrait.png", "gray.jpg");
        Files.copy(Path.of(MEDIA).resolve("gray.jpg"), directory.resolve("in/gray.jpg"));
        Files.copy(Path.of(MEDIA).resolve("portrait.png"), directory.resolve("in/portrait.png"));
        Path output = directory.resolve("vectors");
        System.setProperty("spark.hadoop.fs.test.impl", OtherFileSystem.class.getName());
        try {
            String input = "test://" + directory.resolve("in");
            assertThat(run("--task", "embed", "--input", input, "--output", output.toString(), "-w", WEIGHTS))
                    .as(printed)
                    .isZero();
        } finally {
            System.clearProperty("spark.hadoop.fs.test.impl");
        }
        assertThat(printed).contains("6 rows, 2 without a result");
        Map<String, Row> rows = new TreeMap<>();
        SparkSession spark = SparkSession.builder().getOrCreate();
        try {
            for (Row row : spark.read().parquet(output.toString()).collectAsList()) {
                rows.put(row.getString(0).replaceFirst(".*/in/", ""), row);
            }
        } finally {
            spark.stop();
        }
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
        assertThat(HieraSparkJob.reason(failure)).isEqualTo("w.pth: is not on this node");
        assertThat(HieraSparkJob.reason(new SparkException("no\ntrace"))).isEqualTo("no");
    }
}
