package io.github.hiera4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job whose pictures, weights and results are in HDFS: a real name node and data node, connected over TCP. */
@OnSparksJava
@Tag("slow")
class HdfsJobTest {
    private static final Path MEDIA = TestFiles.resource("/mixed");
    private static final Path WEIGHTS = TestFiles.checkpoint("nano_official.pth");

    @TempDir
    private static Path directory;

    private static MiniDFSCluster cluster;
    private static String root = "";

    @BeforeAll
    static void start() throws IOException {
        Configuration settings = new Configuration();
        settings.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
        cluster = new MiniDFSCluster.Builder(settings).numDataNodes(1).build();
        cluster.waitActive();
        root = "hdfs://127.0.0.1:" + cluster.getNameNodePort();

        Path shard = directory.resolve("shards/0.tar");
        ShardFile.write(shard, Integer.MAX_VALUE, MEDIA, "portrait.png", "empty.jpg", "scene.webp");
        put(MEDIA, "/pictures/deeper");
        put(shard, "/pictures/0.tar");
        put(WEIGHTS, "/models/nano.pth");
    }

    private static void put(Path local, String remote) throws IOException {
        FileSystem files = cluster.getFileSystem();
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(remote);
        files.mkdirs(Objects.requireNonNull(target.getParent()));
        files.copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), target);
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    private static String[] arguments(String pictures, String weights, String output) {
        return new String[] {
            "--task",
            "embed",
            "--input",
            pictures,
            "--output",
            output,
            "--weights",
            weights,
            "--clips",
            "1",
            "--partitions",
            "2"
        };
    }

    /** Returns the rows by their path relative to the directory of the pictures. */
    private static Map<String, Row> rows(String output) {
        Map<String, Row> rows = new HashMap<>();
        JobRun.rows(output).forEach(row -> rows.put(row.getString(0).replaceFirst(".*/pictures/", ""), row));
        return rows;
    }

    @Test
    void picturesShardsAndWeightsInHdfsGiveTheRowsOfLocalFilesThere() throws IOException {
        JobRun remote = JobRun.of(arguments(root + "/pictures", root + "/models/nano.pth", root + "/vectors"));
        assertThat(remote.exitCode()).as(remote.printed()).isZero();
        assertThat(remote.printed()).contains(root + "/vectors: 15 rows, 5 without a result");
        assertThat(cluster.getFileSystem().exists(new org.apache.hadoop.fs.Path("/vectors/_SUCCESS")))
                .isTrue();

        Map<String, Row> rows = rows(root + "/vectors");
        assertSame(rows, localRows(), 15);
        for (String name : List.of("portrait.png", "scene.webp")) {
            assertThat(vector(rows, "0.tar!a/" + name)).isEqualTo(vector(rows, "deeper/" + name));
        }
        assertThat(rows.values()).allMatch(row -> row.getString(0).startsWith(root + "/pictures/"));
    }

    /** Returns the rows of the same files on this machine's disk. */
    private static Map<String, Row> localRows() throws IOException {
        Path pictures = Files.createDirectories(directory.resolve("local/pictures/deeper"));
        try (Stream<Path> files = Files.list(MEDIA)) {
            for (Path file : files.toList()) {
                Files.copy(file, pictures.resolve(file.getFileName()));
            }
        }
        Files.copy(directory.resolve("shards/0.tar"), directory.resolve("local/pictures/0.tar"));
        String output = directory.resolve("local/vectors").toString();
        JobRun local = JobRun.of(arguments(directory.resolve("local/pictures").toString(), WEIGHTS.toString(), output));
        assertThat(local.exitCode()).as(local.printed()).isZero();
        return rows(output);
    }

    private static void assertSame(Map<String, Row> actual, Map<String, Row> expected, int count) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet()).hasSize(count);
        actual.forEach((name, row) -> {
            Row other = Objects.requireNonNull(expected.get(name));
            assertThat(row.getLong(2)).as(name).isEqualTo(other.getLong(2));
            assertThat(row.<Float>getList(3)).as(name).isEqualTo(other.<Float>getList(3));
            assertThat(row.isNullAt(4)).as(name).isEqualTo(other.isNullAt(4));
        });
    }

    private static List<Float> vector(Map<String, Row> rows, String name) {
        return Objects.requireNonNull(rows.get(name)).getList(3);
    }

    @Test
    void whatIsMissingInHdfsIsOneLine() {
        String missing = root + "/models/none.pth";
        JobRun weights = JobRun.of(arguments(root + "/pictures", missing, root + "/none"));
        assertThat(weights.exitCode()).isEqualTo(1);
        assertThat(weights.printed())
                .startsWith("hiera: " + missing + ": does not exist")
                .hasLineCount(1);
        JobRun input = JobRun.of(arguments(root + "/nothing", root + "/models/nano.pth", root + "/none"));
        assertThat(input.exitCode()).isEqualTo(1);
        assertThat(input.printed())
                .startsWith("hiera: " + root + "/nothing: no such file")
                .hasLineCount(1);
        String closed = "hdfs://127.0.0.1:1/pictures";
        JobRun unreachable = JobRun.with(
                Map.of("spark.hadoop.ipc.client.connect.max.retries", "0"),
                arguments(closed, root + "/models/nano.pth", root + "/none"));
        assertThat(unreachable.exitCode()).isEqualTo(1);
        assertThat(unreachable.printed()).startsWith("hiera: " + closed + ": ").hasLineCount(1);
    }

    @Test
    void twoExecutorProcessesReadAndWriteHdfs() throws IOException, InterruptedException {
        LocalCluster spark = new LocalCluster(directory);
        int exitCode = spark.run(
                HieraSparkJob.class, arguments(root + "/pictures", root + "/models/nano.pth", root + "/together"));
        assertThat(exitCode).as(spark.output()).isZero();
        assertThat(spark.output()).contains(root + "/together: 15 rows, 5 without a result");
        assertThat(rows(root + "/together")).hasSize(15);
    }
}
