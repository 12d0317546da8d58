package io.github.hiera4j.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Charts are well-formed and show all their values. */
class ChartTest {
    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document svg, String name) {
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < svg.getElementsByTagName(name).getLength(); i++) {
            found.add((Element) svg.getElementsByTagName(name).item(i));
        }
        return found;
    }

    @Test
    void barsAreAsHighAsTheirValuesAndMissingOnesAreLeftOut(@TempDir Path directory) throws Exception {
        BarChart chart = new BarChart(
                "a < b & c",
                List.of("0", "a"),
                List.of(
                        new BarChart.Series("one", List.of(1.0, 2.0)),
                        new BarChart.Series("two", List.of(Double.NaN, .5))));
        chart.write(directory.resolve("bars.svg"));

        Document svg = parse(Files.readString(directory.resolve("bars.svg")));
        assertThat(elements(svg, "title").get(0).getTextContent()).isEqualTo("a < b & c");
        List<Double> heights = elements(svg, "rect").stream()
                .skip(1 + 2) // the background and the legend
                .map(bar -> Double.parseDouble(bar.getAttribute("height")))
                .toList();
        assertThat(heights).containsExactly(110.0, 220.0, 55.0);
        assertThatThrownBy(() -> new BarChart("", List.of("0", "a"), List.of(new BarChart.Series("one", List.of(1.0)))))
                .isInstanceOf(HieraException.class);
    }

    @Test
    void fasterModelsAreFurtherRightAndBetterOnesHigher() throws Exception {
        AccuracyChart chart = new AccuracyChart(
                "accuracy",
                "images a second",
                List.of(
                        new AccuracyChart.Point("slow", "ViT", 2, .86),
                        new AccuracyChart.Point("fast", "Hiera", 20, .84),
                        new AccuracyChart.Point("middle", "Hiera", 6.3246, .85)));

        List<Element> points = elements(parse(chart.svg()), "circle");
        List<Double> x = points.stream()
                .map(point -> Double.parseDouble(point.getAttribute("cx")))
                .toList();
        List<Double> y = points.stream()
                .map(point -> Double.parseDouble(point.getAttribute("cy")))
                .toList();
        assertThat(x.get(0)).isLessThan(x.get(1));
        assertThat(y.get(0)).isLessThan(y.get(1));
        assertThat(2 * x.get(2)).isBetween(x.get(0) + x.get(1) - .2, x.get(0) + x.get(1) + .2); // the geometric mean
        assertThat(points.get(1).getAttribute("fill"))
                .isEqualTo(points.get(2).getAttribute("fill"))
                .isNotEqualTo(points.get(0).getAttribute("fill"));
    }
}
