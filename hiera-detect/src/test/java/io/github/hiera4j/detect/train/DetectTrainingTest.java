package io.github.hiera4j.detect.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.detect.train.quickstart.SceneData;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectTrainingTest {
    @TempDir
    Path directory;

    private static Recipe recipe() {
        return Recipes.named("small-maskrcnn")
                .with("epochs", "2")
                .with("batch_size", "2")
                .with("evaluate_every", "2")
                .with("threads", "1");
    }

    private CocoData scenes() {
        Path data = directory.resolve("data");
        if (!Files.exists(data)) {
            SceneData.write(data, "train", 4, 96, 1);
            SceneData.write(data, "val", 2, 96, 2);
        }
        return CocoData.open(data);
    }

    private Trainer trainer(String out, Trainer.Existing existing) {
        CocoData data = scenes();
        return DetectTraining.trainer(recipe(), data, new DetectObjective(recipe(), data))
                .out(directory.resolve(out))
                .existing(existing);
    }

    @Test
    @Tag("slow")
    void aRunThatWasStoppedAndResumedGivesTheSameBytes() throws IOException {
        Trainer.Result whole = trainer("whole", Trainer.Existing.REFUSE).run();
        assertThat(whole.outcome().complete()).isTrue();
        assertThat(whole.outcome().figures()).containsKeys("box_ap", "box_ap50", "mask_ap", "mask_ap50");
        assertThat(Files.readString(whole.report())).contains("Average precision", "Detections in validation images");

        StopSignal stop = new StopSignal();
        Trainer.Result stopped = trainer("parts", Trainer.Existing.REFUSE)
                .stop(stop)
                .progress(new Progress() {
                    @Override
                    public void note(String line) {
                        if (line.startsWith("held out")) {
                            stop.request();
                        }
                    }
                })
                .run();
        assertThat(stopped.outcome().complete()).isFalse();
        Trainer.Result resumed = trainer("parts", Trainer.Existing.RESUME).run();

        assertThat(resumed.outcome().complete()).isTrue();
        assertThat(Files.mismatch(
                        whole.model().resolve("model.safetensors"),
                        resumed.model().resolve("model.safetensors")))
                .isEqualTo(-1);
        theTrainedDetectorRunsAndStartsAnotherTraining(resumed.model());
    }

    private void theTrainedDetectorRunsAndStartsAnotherTraining(Path model) {
        try (HieraDetector detector = HieraDetector.load(
                model, DetectorOptions.DEFAULT.withBackend("onednn").withThreshold(0))) {
            List<Detection> found = detector.detect(directory.resolve("data/val/00000.png"));
            assertThat(found).isNotEmpty();
            assertThat(detector.classNames()).containsExactly("disc", "square", "triangle", "star");
        }
        DetectObjective objective = new DetectObjective(recipe(), scenes());
        try (WeightSource start = DetectorStart.open(objective, model, 0);
                DetectorCheckpoint trained = DetectorCheckpoint.open(model)) {
            for (String name : objective.graph().parameters().keySet()) {
                assertThat(start.read(name).toFloats())
                        .as(name)
                        .isEqualTo(trained.weights().read(name).toFloats());
            }
        }
    }

    @Test
    void halfPrecisionAndVideoModelsAreRefusedInOneLine() {
        CocoData data = scenes();

        assertThatThrownBy(() -> new DetectObjective(recipe().with("precision", "bfloat16"), data))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("detectors train in float32");
        assertThatThrownBy(() -> new DetectObjective(recipe().with("model", "hiera_base_16x224"), data))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("hiera_base_16x224");
    }

    @Test
    void aDirectoryOfAnotherLayoutIsRefusedInOneLine() {
        assertThatThrownBy(() -> CocoData.open(directory))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("annotations/instances_train");
    }
}
