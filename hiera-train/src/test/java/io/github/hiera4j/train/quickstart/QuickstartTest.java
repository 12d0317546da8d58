package io.github.hiera4j.train.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.run.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every step of the quickstart on a few files. Its accuracy on thousands of files is measured, not tested. */
class QuickstartTest {
    @Test
    void aTinyQuickstartGoesThroughEveryStepAndReportsIt(@TempDir Path directory) throws IOException {
        QuickstartPlan plan = withTheSmallestModel(QuickstartPlan.of(50, 40, 1, 1, 1, 1, TestedDevice.NAME));

        Quickstart.Summary summary = new Quickstart(directory, plan, Progress.SILENT, new StopSignal())
                .panel((page, subject) -> page.subheading(
                        "A panel about " + subject.dataset().classNames().size() + " classes"))
                .run();

        assertThat(summary.results()).extracting(Quickstart.Result::name).containsExactly("pictures", "clips");
        assertThat(summary.results())
                .allSatisfy(result ->
                        assertThat(result.model().resolve("model.safetensors")).exists());
        assertThat(summary.results())
                .allSatisfy(result -> assertThat(result.example()).exists());
        assertThat(summary.results()).allSatisfy(result -> {
            Path run = Objects.requireNonNull(result.model().getParent());
            assertThat(run.resolve("manifest.json")).content().contains("\"command\" : \"quickstart\"");
            assertThat(run.resolve("report.html")).content().containsPattern("A panel about \\d+ classes");
        });
        assertThat(directory.resolve("checkpoints")).doesNotExist();
        String report = Files.readString(summary.report());
        boolean complete = List.of("colour histogram", ">reconstructed<", "Confusion matrix", "Learning rate").stream()
                .allMatch(report::contains);
        assertThat(complete).isTrue();
        assertThat(report.split("A panel about", -1)).hasSize(3);
        assertThat(report.contains("http://") || report.contains("https://")).isFalse();
    }

    private static QuickstartPlan withTheSmallestModel(QuickstartPlan plan) {
        return new QuickstartPlan(
                plan.pictures(),
                plan.clips(),
                plan.pictureMae().with("model", "hiera_nano_64"),
                plan.pictureTune().with("model", "hiera_nano_64"),
                plan.clipMae(),
                plan.clipTune());
    }
}
