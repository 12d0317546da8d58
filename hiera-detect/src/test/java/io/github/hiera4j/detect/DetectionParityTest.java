package io.github.hiera4j.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.parity.DetectionParity;
import io.github.hiera4j.detect.parity.Finding;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.testing.TestedDevice;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionParityTest {
    @ParameterizedTest
    @CsvSource({"ops, 200", "coco_eval, 60", "ava_eval, 50"})
    void everyFigureOfTheReferenceIsMet(String name, int comparisons) throws URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(getClass().getResource("/goldens/" + name + ".json"))
                .toURI());

        DetectionParity.Report report = DetectionParity.run(file).orElseThrow();

        assertThat(report.caseName()).isEqualTo(name);
        assertThat(report.findings().size()).isGreaterThan(comparisons);
        assertThat(report.findings().stream().filter(finding -> !finding.ok())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"reference, 10", "torch, 28", "onednn, 10"})
    void theActionHeadMeetsItsFiguresOnEveryEngine(String engine, int comparisons) throws URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(getClass().getResource("/goldens/ava_head_nano.json"))
                .toURI());
        Backend backend = Backends.named(engine);

        DetectionParity.Report report =
                DetectionParity.run(file, backend, options(engine)).orElseThrow();

        assertThat(report.findings().size()).isGreaterThanOrEqualTo(comparisons);
        assertThat(report.findings().stream().filter(finding -> !finding.ok())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"reference, 50", "torch, 130", "onednn, 50"})
    void aWholeDetectorMeetsItsFiguresOnEveryEngine(String engine, int comparisons) throws URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(getClass().getResource("/goldens/maskrcnn_nano.json"))
                .toURI());

        DetectionParity.Report report = DetectionParity.run(file, Backends.named(engine), options(engine))
                .orElseThrow();

        assertThat(report.findings().size()).isGreaterThanOrEqualTo(comparisons);
        assertThat(report.findings().stream().filter(finding -> !finding.ok())).isEmpty();
    }

    /** Returns the device of the run for libtorch, the only engine with more than one. */
    private static CompileOptions options(String engine) {
        return engine.equals("torch") ? TestedDevice.OPTIONS : CompileOptions.DEFAULT;
    }

    @Test
    void aFigureThatDiffersIsFound(@TempDir Path directory) throws IOException, URISyntaxException {
        Path original = Path.of(Objects.requireNonNull(getClass().getResource("/goldens/ava_eval.json"))
                .toURI());
        Path changed = directory.resolve("ava_eval.json");
        Files.writeString(
                changed, Files.readString(original).replaceFirst("\"mAP\": ?0\\.12628392257404572", "\"mAP\":0.12629"));

        DetectionParity.Report report = DetectionParity.run(changed).orElseThrow();

        assertThat(report.ok()).isFalse();
        assertThat(report.worst()).extracting(Finding::name).isEqualTo("slowfast mAP");
    }

    @Test
    void aFileWithoutFiguresIsRefusedInOneLine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("empty.json");
        Files.writeString(file, "{\"case\":\"x\",\"kind\":\"detection_ops\",\"config\":{}}");

        assertThatThrownBy(() -> DetectionParity.run(file))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(file.toString());
    }
}
