package io.github.hiera4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.cli.Main;
import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The job on a cluster with two executors in separate processes. */
@OnSparksJava
@Tag("slow")
class ClusterJobTest {
    private static final Path WEIGHTS = TestFiles.checkpoint("nano_official.pth");

    @TempDir
    Path directory;

    /** Copies of the mixed files, some of them broken. */
    private Path pictures(int copies) throws IOException {
        Path pictures = Files.createDirectories(directory.resolve("pictures/deeper"));
        try (Stream<Path> files = Files.list(TestFiles.resource("/mixed"))) {
            for (Path file : files.toList()) {
                for (int copy = 0; copy < copies; copy++) {
                    Files.copy(file, pictures.resolve(copy + "_" + file.getFileName()));
                }
            }
        }
        return directory.resolve("pictures");
    }

    /** The embeddings that the command prints, by file name. */
    private Map<String, float[]> command(Path pictures) throws IOException, InterruptedException {
        JvmProcess.Result result = JvmProcess.of(Main.class)
                .withOptions("-Xmx1g", "-XX:TieredStopAtLevel=1")
                .run(600, "embed", "--weights", WEIGHTS, "--clips", "2", "--crops", "1", pictures);
        Map<String, float[]> rows = new TreeMap<>();
        for (String line : result.lines()) {
            if (line.startsWith("{")) {
                JsonNode row = JsonMapper.shared().readTree(line);
                float[] vector = new float[row.get("embedding").size()];
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = (float) row.get("embedding").get(i).asDouble();
                }
                rows.put(Path.of(row.get("file").asString()).getFileName().toString(), vector);
            }
        }
        assertThat(result.exitCode()).as("broken files: %s", result.output()).isEqualTo(1);
        return rows;
    }

    /** The job's rows: the same vectors as the command, and errors for files without a vector. */
    private static void assertRows(Path output, Map<String, float[]> expected, int files) {
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        try {
            List<Row> rows = spark.read()
                    .parquet(output.toString())
                    .select("path", "embedding", "error")
                    .collectAsList();
            assertThat(rows).hasSize(files);
            int found = 0;
            for (Row row : rows) {
                String name = row.getString(0).replaceFirst(".*/", "");
                float[] vector = expected.get(name);
                assertThat(row.isNullAt(1)).as(name).isEqualTo(vector == null);
                if (vector == null) {
                    assertThat(row.getString(2)).contains(name);
                } else {
                    found++;
                    assertThat(row.isNullAt(2)).as(name).isTrue();
                    List<Float> values = row.getList(1);
                    assertThat(values).hasSize(vector.length);
                    for (int i = 0; i < vector.length; i++) {
                        assertThat(values.get(i)).as(name).isCloseTo(vector[i], within(1e-5f));
                    }
                }
            }
            assertThat(found).isEqualTo(expected.size());
        } finally {
            spark.stop();
        }
    }

    private String[] arguments(Path pictures, Path output, int partitions) {
        return new String[] {
            "--task",
            "embed",
            "--input",
            pictures.toString(),
            "--output",
            output.toString(),
            "--weights",
            WEIGHTS.toString(),
            "--clips",
            "2",
            "--crops",
            "1",
            "--partitions",
            "" + partitions
        };
    }

    @Test
    void aJobWhoseExecutorIsKilledWritesTheRowsOfTheCommand() throws IOException, InterruptedException {
        runAndKill(3, 24);
    }

    @Test
    void fiveThousandMixedFilesGiveTheRowsOfTheCommandAlsoWhenAnExecutorIsKilled()
            throws IOException, InterruptedException {
        runAndKill(417, 32);
    }

    private void runAndKill(int copies, int partitions) throws IOException, InterruptedException {
        Path pictures = pictures(copies);
        Path output = directory.resolve("vectors");
        LocalCluster cluster = new LocalCluster(directory);
        Process driver = cluster.start(HieraSparkJob.class, arguments(pictures, output, partitions));
        try {
            while (driver.isAlive() && !isUnderWay(output)) {
                Thread.sleep(5);
            }
            List<ProcessHandle> executors = LocalCluster.executors(driver);
            assertThat(executors).as(cluster.output()).hasSize(2);
            executors.get(0).destroyForcibly();
            assertThat(cluster.end(driver)).as(cluster.output()).isZero();
        } finally {
            LocalCluster.kill(driver);
        }
        Map<String, float[]> expected = command(pictures);
        int files = copies * 12;
        assertThat(cluster.output())
                .contains("Lost executor")
                .contains(files + " rows, " + (files - expected.size()) + " without a result");
        assertRows(output, expected, files);
    }

    /** Returns whether a task has finished but the job has not. */
    private static boolean isUnderWay(Path output) throws IOException {
        Path running = output.resolve("_temporary/0");
        if (!Files.isDirectory(running)) {
            return false;
        }
        try (Stream<Path> tasks = Files.list(running)) {
            return tasks.anyMatch(each -> each.getFileName().toString().startsWith("task_"));
        } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException ended) {
            return false;
        }
    }
}
