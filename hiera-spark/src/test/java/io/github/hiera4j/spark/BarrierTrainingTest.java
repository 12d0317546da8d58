package io.github.hiera4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.Main;
import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.spark.train.HieraSparkTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in barrier tasks of two executors. */
@Tag("slow")
@OnSparksJava
class BarrierTrainingTest {
    @TempDir
    Path directory;

    private Path data(int copies) throws IOException {
        Path data = directory.resolve("data");
        List<String> names = List.of("baseline_420.jpg", "gray.jpg", "scene.webp", "tiny.png");
        for (int i = 0; i < names.size(); i++) {
            for (int copy = 0; copy < copies; copy++) {
                Path target = data.resolve("class" + i % 2).resolve(copy + names.get(i));
                Files.createDirectories(target.getParent());
                Files.copy(TestFiles.resource("/mixed/" + names.get(i)), target);
            }
        }
        return data;
    }

    private static List<String> settings(Path data, Path out, int epochs) {
        return List.of(
                "--recipe",
                "small-mae",
                "--data",
                data.toString(),
                "--out",
                out.toString(),
                "--set",
                "model=hiera_nano_64",
                "--set",
                "epochs=" + epochs,
                "--set",
                "batch_size=4",
                "--set",
                "warmup_epochs=0",
                "--set",
                "threads=1",
                "--set",
                "precision=float32",
                "--set",
                "gradient_checkpointing=false",
                "--set",
                "checkpoint_steps=2");
    }

    @Test
    void twoBarrierTasksWriteTheModelOfTwoLaunchedProcesses() throws IOException, InterruptedException {
        Path data = data(4);
        List<String> launch = new ArrayList<>(List.of("launch", "--processes", "2", "--", "pretrain"));
        launch.addAll(settings(data, directory.resolve("launched"), 2));
        JvmProcess.Result launched =
                JvmProcess.of(Main.class).withOptions("-XX:TieredStopAtLevel=1").run(300, launch.toArray());
        assertThat(launched.exitCode()).as(launched.output()).isZero();

        List<String> job = new ArrayList<>(List.of("--processes", "2"));
        job.addAll(settings(data, directory.resolve("spark"), 2));
        LocalCluster cluster = new LocalCluster(directory);
        assertThat(cluster.run(HieraSparkTraining.class, job.toArray(new String[0])))
                .as(cluster.output())
                .isZero();
        assertThat(weights(directory.resolve("spark"))).isEqualTo(weights(directory.resolve("launched")));
    }

    @Test
    void aTrainingWhoseExecutorIsKilledIsContinued() throws IOException, InterruptedException {
        Path data = data(8);
        Path out = directory.resolve("spark");
        List<String> job = new ArrayList<>(List.of("--processes", "2", "--restarts", "2"));
        job.addAll(settings(data, out, 30));
        LocalCluster cluster = new LocalCluster(directory);
        Process driver = cluster.start(HieraSparkTraining.class, job.toArray(new String[0]));
        try {
            while (driver.isAlive() && !hasCheckpoint(out)) {
                Thread.sleep(20);
            }
            LocalCluster.executors(driver).get(0).destroyForcibly();
            assertThat(cluster.end(driver)).as(cluster.output()).isZero();
        } finally {
            LocalCluster.kill(driver);
        }
        assertThat(out.resolve("model")).isDirectory();
        assertThat(cluster.output()).contains("Lost executor");
    }

    private static boolean hasCheckpoint(Path out) throws IOException {
        Path checkpoints = out.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.findAny().isPresent();
        }
    }

    private static byte[] weights(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run.resolve("model"))) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".safetensors"))
                    .findFirst()
                    .orElseThrow());
        }
    }
}
