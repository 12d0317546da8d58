package io.github.hiera4j.detect.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.train.quickstart.SceneData;
import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.torch.TorchMemory;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detectors that are killed in training, and detectors that run for a long time. */
@Tag("slow")
class DetectEnduranceTest {
    @TempDir
    Path directory;

    private Path scenes;

    @BeforeEach
    void render() {
        scenes = directory.resolve("data");
        SceneData.write(scenes, "train", 8, 96, 1);
        SceneData.write(scenes, "val", 2, 96, 2);
    }

    @Test
    void aKilledRunGoesOnToTheSameBytes() throws IOException, InterruptedException {
        Path killed = directory.resolve("killed");
        List<String> command = JvmProcess.java();
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ForkedDetectorTraining.class.getName(),
                scenes.toString(),
                killed.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        Path metrics = killed.resolve("metrics.jsonl");
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
        while (process.isAlive() && System.nanoTime() < end && !(Files.exists(metrics) && Files.size(metrics) > 0)) {
            Thread.sleep(20);
        }
        assertThat(process.isAlive())
                .as(Files.readString(directory.resolve("output")))
                .isTrue();
        process.destroyForcibly().waitFor(); // after ten steps of 48

        Trainer.Result resumed = ForkedDetectorTraining.train(scenes, killed, Trainer.Existing.RESUME);
        Trainer.Result whole =
                ForkedDetectorTraining.train(scenes, directory.resolve("whole"), Trainer.Existing.REFUSE);

        assertThat(resumed.outcome().complete()).isTrue();
        assertThat(resumed.outcome().steps()).isEqualTo(48);
        assertThat(Files.mismatch(
                        whole.model().resolve("model.safetensors"),
                        resumed.model().resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void fiveHundredStepsAndThreeHundredPicturesHoldNoMoreMemoryThanTheFirst() {
        Recipe recipe = ForkedDetectorTraining.recipe()
                .with("epochs", "63")
                .with("evaluate_every", "63")
                .with("checkpoint_steps", "0");
        CocoData data = CocoData.open(scenes);
        List<Long> tensors = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        Trainer.Result result = DetectTraining.trainer(recipe, data, new DetectObjective(recipe, data))
                .out(directory.resolve("long"))
                .progress(new Progress() {
                    @Override
                    public void step(Step step) {
                        tensors.add(TorchMemory.liveTensors());
                        bytes.add(TorchMemory.liveBytes());
                    }
                })
                .run();

        assertThat(result.outcome().steps()).isGreaterThan(500);
        assertThat(tensors).hasSizeGreaterThan(50).containsOnly(tensors.get(0));
        assertThat(bytes).containsOnly(bytes.get(0));
        for (String backend : List.of("onednn", "torch")) {
            try (HieraDetector detector = HieraDetector.load(
                    result.model(), DetectorOptions.DEFAULT.withBackend(backend).withThreshold(0))) {
                Path picture = scenes.resolve("val/00000.png");
                for (int i = 0; i < 50; i++) {
                    detector.detect(picture); // until all plans are created
                }
                long held = detector.nativeBytes();
                long live = TorchMemory.liveBytes();
                for (int i = 0; i < 300; i++) {
                    detector.detect(picture);
                }
                assertThat(detector.nativeBytes()).as(backend).isEqualTo(held);
                assertThat(TorchMemory.liveBytes()).as(backend).isEqualTo(live);
            }
        }
    }
}
