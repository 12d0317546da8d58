package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.detect.parity.DetectionParity;
import io.github.hiera4j.detect.parity.Finding;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.testing.TestFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole detector and the action head, exported and run by ONNX Runtime, against the figures of the reference. */
class OnnxDetectionTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"maskrcnn_nano, 50", "ava_head_nano, 10"})
    void everyFigureOfTheReferenceIsMet(String golden, int comparisons) {
        DetectionParity.Report report = DetectionParity.run(
                        TestFiles.golden(golden), new OnnxRuntimeBackend(directory), CompileOptions.DEFAULT)
                .orElseThrow();

        assertThat(report.findings().size()).isGreaterThanOrEqualTo(comparisons);
        assertThat(report.findings())
                .allSatisfy(finding -> assertThat(finding)
                        .extracting(Finding::ok)
                        .as("%s: %s, allowed %s", finding.name(), finding.error(), finding.allowed())
                        .isEqualTo(true));
    }
}
