package io.github.hiera4j.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.detect.parity.DetectionParity;
import io.github.hiera4j.detect.parity.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class DetectionParityTest {
    @ParameterizedTest
    @CsvSource({"ops, 200", "coco_eval, 60", "ava_eval, 50"})
    void everyFigureOfTheReferenceIsMet(String name, int comparisons) throws IOException {
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/goldens/" + name + ".json"))) {
            List<Finding> findings = DetectionParity.run(JsonMapper.shared().readTree(file));

            assertThat(findings.size()).isGreaterThan(comparisons);
            assertThat(findings.stream().filter(finding -> !finding.ok())).isEmpty();
        }
    }
}
