package io.github.hiera4j.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.train.page.LineChart;
import io.github.hiera4j.train.page.LineChart.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesPanelTest {
    @TempDir
    Path run;

    private LineChart chart(String title) {
        return CurvesPanel.charts(run, 0).stream()
                .filter(chart -> chart.title().equals(title) && !chart.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(LineChart chart) {
        return chart.series().stream().map(Series::name).toList();
    }

    @Test
    void partsOfTheLossShareAChartAndPrecisionsAreOneChartOfPercentages() throws IOException {
        Files.writeString(
                run.resolve("metrics.jsonl"),
                "{\"step\":10,\"loss\":3.0,\"loss_mask\":0.7,\"loss_box_reg\":0.2,\"temperature\":2.5}\n"
                        + "{\"step\":20,\"temperature\":2.0,\"box_ap\":0.25,\"mask_ap50\":0.5,\"persons\":1.5}\n");

        assertThat(names(chart("Parts of the loss"))).containsExactlyInAnyOrder("mask", "box reg");
        LineChart precision = chart("Held-out precision");
        assertThat(names(precision)).containsExactlyInAnyOrder("box AP", "mask AP50");
        assertThat(precision.unit()).isEqualTo("%");
        assertThat(precision.series().stream()
                        .mapToDouble(curve -> curve.points().get(0)[1]))
                .containsExactlyInAnyOrder(25.0, 50.0);
        assertThat(chart("temperature").series()).hasSize(1);
        assertThat(chart("Loss").series()).hasSize(1);
        assertThat(CurvesPanel.charts(run, 0))
                .as("a single value is no curve")
                .noneMatch(chart -> chart.title().equals("persons"));
    }
}
