package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.evaluate.CocoMetrics;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.page.DataTable;
import io.github.hiera4j.train.page.DataTable.Cell;
import io.github.hiera4j.train.page.LineChart;
import io.github.hiera4j.train.page.LineChart.Horizontal;
import io.github.hiera4j.train.page.LineChart.Limits;
import io.github.hiera4j.train.page.LineChart.Series;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.report.EvaluationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The report page of an evaluation by COCO's rules: the twelve figures, and a row and a curve for every category. */
public final class DetectionReport {
    /** Indices of the IoU thresholds 0.5, 0.75 and 0.95, for which curves are drawn. */
    private static final int[] DRAWN = {0, 5, 9};

    private static final int IOU_50 = 0;
    private static final int IOU_75 = 5;
    private static final String[] DRAWN_NAMES = {"IoU 0.5", "IoU 0.75", "IoU 0.95"};
    private static final String CURVES = "Precision at each recall, with at most 100 detections per image.";

    /** The names of the twelve figures, in COCO's order. */
    public static final List<String> NAMES = List.of(
            "AP",
            "AP50",
            "AP75",
            "AP small",
            "AP medium",
            "AP large",
            "AR 1",
            "AR 10",
            "AR 100",
            "AR small",
            "AR medium",
            "AR large");

    private DetectionReport() {}

    /**
     * Writes a self-contained page.
     *
     * @param file the page to write
     * @param what "boxes" or "masks"
     * @param truth the ground truth
     * @param metrics the metrics of the evaluation
     * @param command the command line; empty if there was none
     * @throws io.github.hiera4j.model.HieraException if the file cannot be written
     */
    public static void write(Path file, String what, CocoDataset truth, CocoMetrics metrics, String command) {
        Page page = new Page("Average precision of " + what, "By COCO's rules");
        Map<String, String> facts = new LinkedHashMap<>();
        double[] summary = metrics.summary();
        for (int i = 0; i < summary.length; i++) {
            facts.put(NAMES.get(i), Percent.of(summary[i]));
        }
        facts.put("Pictures", String.valueOf(truth.images().size()));
        facts.put("Objects", String.valueOf(truth.annotations().size()));
        EvaluationReport.addOrigin(facts, command);
        page.facts(facts);
        page.heading("Precision and recall");
        page.paragraph(CURVES + " Mean over categories with objects.");
        page.charts(List.of(meanChart("All categories", metrics)));
        page.heading("Categories");
        page.table(table(truth, metrics));
        page.subheading("Curves of every category");
        page.paragraph(CURVES);
        List<LineChart> charts = new ArrayList<>();
        for (int category = 0; category < truth.categories().size(); category++) {
            if (metrics.averagePrecision(category) >= 0) {
                charts.add(chart(truth.categories().get(category).name(), curves(metrics, category)));
            }
        }
        page.charts(charts);
        page.write(file);
    }

    private static DataTable table(CocoDataset truth, CocoMetrics metrics) {
        DataTable table = new DataTable("Categories", List.of("category", "objects", "AP", "AP50", "AP75"));
        for (int category = 0; category < truth.categories().size(); category++) {
            long id = truth.categories().get(category).id();
            long objects = truth.annotations().stream()
                    .filter(object -> object.categoryId() == id)
                    .count();
            table.row(
                    Cell.of(truth.categories().get(category).name()),
                    Cell.of(objects),
                    cell(metrics.averagePrecision(category)),
                    cell(mean(metrics.curve(IOU_50, category))),
                    cell(mean(metrics.curve(IOU_75, category))));
        }
        return table;
    }

    private static Cell cell(double share) {
        return Cell.of(Percent.of(share), share);
    }

    private static List<double[]> curves(CocoMetrics metrics, int category) {
        List<double[]> curves = new ArrayList<>();
        for (int threshold : DRAWN) {
            curves.add(metrics.curve(threshold, category));
        }
        return curves;
    }

    /** Returns a chart of precision over recall, averaged over categories with objects. */
    static LineChart meanChart(String title, CocoMetrics metrics) {
        return chart(title, meanCurves(metrics));
    }

    /** Returns a chart of precision over recall, with one curve for each of the drawn thresholds. */
    private static LineChart chart(String title, List<double[]> curves) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < curves.size(); i++) {
            double[] curve = curves.get(i);
            series.add(new Series(
                    DRAWN_NAMES[i],
                    IntStream.range(0, curve.length)
                            .mapToObj(point -> new double[] {point / (curve.length - 1.0), 100 * curve[point]})
                            .toList()));
        }
        return new LineChart(title, "precision %", Limits.PERCENT, "", series, Horizontal.RECALL);
    }

    /** Returns the precision at 101 recalls, averaged over categories with objects, at three thresholds. */
    private static List<double[]> meanCurves(CocoMetrics metrics) {
        List<Integer> present = IntStream.range(0, metrics.categoryIds().size())
                .filter(category -> metrics.averagePrecision(category) >= 0)
                .boxed()
                .toList();
        List<double[]> means = new ArrayList<>();
        for (int threshold : DRAWN) {
            double[] sum = new double[metrics.precision()[threshold].length];
            for (int category : present) {
                double[] curve = metrics.curve(threshold, category);
                for (int point = 0; point < sum.length; point++) {
                    sum[point] += curve[point] / present.size();
                }
            }
            means.add(sum);
        }
        return means;
    }

    /** Returns the mean of a curve, which is the average precision at its threshold; -1 without ground truth. */
    static double mean(double[] curve) {
        double sum = 0;
        for (double value : curve) {
            if (value < 0) {
                return -1;
            }
            sum += value;
        }
        return curve.length == 0 ? -1 : sum / curve.length;
    }
}
