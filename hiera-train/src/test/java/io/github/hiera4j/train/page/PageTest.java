package io.github.hiera4j.train.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.page.DataTable.Cell;
import io.github.hiera4j.train.page.LineChart.Limits;
import io.github.hiera4j.train.page.LineChart.Series;
import io.github.hiera4j.train.page.Picture.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final String HOSTILE = "<script>alert('x')</script>\"&\u0007";

    @Test
    void aPageLoadsNothingAndFollowsTheReadersSettings() {
        assertThat(new Page("t", "s").html())
                .contains("default-src 'none'", "width=device-width", "prefers-color-scheme:dark")
                .doesNotContain("http://", "https://", "//cdn");
    }

    @Test
    void namesFromFilesNeverBecomeMarkup() {
        int[][] counts = {{1, 1}, {0, 2}};
        String html = new Page(HOSTILE, HOSTILE)
                .heading(HOSTILE)
                .facts(Map.of(HOSTILE, HOSTILE))
                .matrix(List.of(HOSTILE, "b"), counts)
                .table(new DataTable(HOSTILE, List.of(HOSTILE)).row(Cell.of(HOSTILE)))
                .bars(HOSTILE, Map.of(HOSTILE, 0.5), HOSTILE)
                .pictures(List.of(new Picture(grey(2), HOSTILE, Mark.WRONG, List.of(HOSTILE))))
                .details(HOSTILE, Map.of(HOSTILE, HOSTILE))
                .charts(List.of(
                        new LineChart(HOSTILE, HOSTILE, Limits.NONE, HOSTILE, List.of(new Series(HOSTILE, points(2))))))
                .html();
        assertThat(html).doesNotContain("<script>alert", "alert('x')", "\u0007").contains("&lt;script&gt;");
    }

    @Test
    void oneValueIsAPointAndNoLine() {
        String markup = chart(new Series("a", points(1))).markup();
        assertThat(markup).contains("<circle").doesNotContain("<polyline");
    }

    @Test
    void longCurvesKeepTheirPeaks() {
        List<double[]> points = new ArrayList<>(points(20_000));
        points.set(12_345, new double[] {12_345, 500});
        String markup = chart(new Series("a", points)).markup();
        Matcher line = Pattern.compile("<polyline class='s1' points='([^']*)'").matcher(markup);
        assertThat(line.find()).isTrue();
        List<String> drawn = List.of(line.group(1).strip().split(" "));
        assertThat(drawn).hasSizeLessThanOrEqualTo(600);
        assertThat(drawn).anyMatch(point -> point.endsWith(",10.0")); // the top of the frame
    }

    @Test
    void valuesThatAreNotFiniteAreLeftOut() {
        LineChart empty = chart(new Series("a", List.of(new double[] {1, Double.NaN})));
        assertThat(empty.isEmpty()).isTrue();
    }

    @Test
    void curvesAreNamedOutsideTheFrameAndDescribed() {
        String markup = chart(new Series("training", points(3)), new Series("held-out samples", points(2)))
                .markup();
        assertThat(markup.indexOf("held-out samples")).isLessThan(markup.indexOf("<svg role='img'"));
        assertThat(markup).contains("<desc>training: 0 at step 0 to 2 at step 2. held-out samples: ");
    }

    @Test
    void labelsAreWithinTheDrawing() {
        LineChart wide = chart(new Series("a", List.of(new double[] {0, 12345.6}, new double[] {1_000_000, 98765.4})));
        Matcher label = Pattern.compile("<text x='([0-9.]+)' y='[0-9.]+' text-anchor='(\\w+)'>([^<]*)")
                .matcher(wide.markup());
        int labels = 0;
        while (label.find()) {
            double width = 7.3 * label.group(3).length() * (label.group(2).equals("middle") ? 0.5 : 1);
            double x = Double.parseDouble(label.group(1));
            assertThat(x - width).as(label.group()).isGreaterThanOrEqualTo(0);
            assertThat(label.group(2).equals("middle") ? x + width : x)
                    .as(label.group())
                    .isLessThanOrEqualTo(400);
            labels++;
        }
        assertThat(labels).isGreaterThan(6);
    }

    @Test
    void aMatrixOfAHundredClassesHasEveryNameAndNoCrowdedNumbers() {
        List<String> names = IntStream.range(0, 100).mapToObj(i -> "class" + i).toList();
        int[][] counts = new int[100][100];
        IntStream.range(0, 100).forEach(i -> counts[i][i] = 50);
        String markup = new MatrixChart(names, counts).markup();
        assertThat(markup)
                .contains("true class", "predicted class", ">class99<")
                .doesNotContain(">50</text>");
        assertThat(new MatrixChart(names.subList(0, 2), new int[][] {{50, 0}, {3, 47}}).markup())
                .contains(">50</text>", ">3</text>");
    }

    @Test
    void tablesSortByValuesAndNotByTheirText() {
        DataTable table = new DataTable("t", List.of("class", "accuracy")).row(Cell.of("a"), Cell.of("9.5 %", 0.095));
        Page page = new Page("t", "s").table(table);
        assertThat(page.html()).contains("<th scope='col' class='n'>accuracy", "data-value='0.095'", "aria-sort");
    }

    @Test
    void aPredictionIsMarkedInWords() {
        Picture wrong = new Picture(grey(4), "a sample", Mark.WRONG, List.of("true: cat", "predicted: dog"));
        assertThat(wrong.markup()).contains("✗ wrong", "true: cat", "predicted: dog", "alt='a sample'");
        assertThat(Picture.of(grey(4), "a", "original").markup()).doesNotContain("wrong", "right");
    }

    private static LineChart chart(Series... series) {
        return new LineChart("Loss", "", Limits.NONE, "", List.of(series));
    }

    private static List<double[]> points(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new double[] {i, i % 100})
                .toList();
    }

    private static Rgb8Image grey(int side) {
        return Rgb8Image.wrap(side, side, new byte[3 * side * side]);
    }
}
