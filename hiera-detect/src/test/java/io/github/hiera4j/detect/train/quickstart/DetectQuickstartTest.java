package io.github.hiera4j.detect.train.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.run.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectQuickstartTest {
    private static final DetectQuickstart.Plan TINY = new DetectQuickstart.Plan(20, 1, 1, TestedDevice.NAME);

    @TempDir
    Path directory;

    @Test
    void itRendersPretrainsTrainsTwiceAndReports() throws IOException {
        DetectQuickstart.Summary summary =
                new DetectQuickstart(directory, TINY, Progress.SILENT, new StopSignal()).run();

        assertThat(summary.pretrained()).containsKeys("box_ap", "box_ap50", "mask_ap", "mask_ap50");
        assertThat(summary.scratch()).containsKeys("box_ap", "box_ap50", "mask_ap", "mask_ap50");
        assertThat(Files.readString(summary.report()))
                .contains("pretrained", "from scratch", "Detections in validation images");
        assertThat(Files.readString(directory.resolve("detector/metrics.jsonl")))
                .contains(
                        "\"loss_rpn_cls\":",
                        "\"loss_rpn_loc\":",
                        "\"loss_cls\":",
                        "\"loss_box_reg\":",
                        "\"loss_mask\":");
        try (HieraDetector detector = HieraDetector.load(summary.model())) {
            assertThat(detector.classNames()).containsExactly("disc", "square", "triangle", "star");
            assertThat(detector.detect(summary.example())).isNotNull();
        }
    }

    @Test
    void aStoppedOneSaysSo() {
        StopSignal stop = new StopSignal();
        stop.request();

        assertThatThrownBy(() -> new DetectQuickstart(directory, TINY, Progress.SILENT, stop).run())
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("was stopped: run it again");
    }
}
