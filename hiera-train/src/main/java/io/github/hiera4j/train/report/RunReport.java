package io.github.hiera4j.train.report;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.data.TestTransform;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sections of a run's report: curves, confusions, samples with predictions, reconstructions of an autoencoder. */
public final class RunReport {
    private static final int SAMPLES = 24;

    private RunReport() {}

    /** Curves of a run's figures: losses, rates and accuracies. */
    public static void curves(Html page, Path runDirectory) {
        Map<String, List<double[]>> all = Metrics.read(runDirectory);
        List<String> pieces = new ArrayList<>();
        addCurves(pieces, all, "loss", "validation_loss");
        addCurves(pieces, all, "top1", "top5");
        addCurves(pieces, all, "learning_rate");
        addCurves(pieces, all, "samples_per_second");
        page.row(pieces);
    }

    private static void addCurves(List<String> pieces, Map<String, List<double[]>> all, String... names) {
        Map<String, List<double[]>> chosen = new LinkedHashMap<>();
        for (String name : names) {
            List<double[]> curve = all.get(name);
            if (curve != null && !curve.isEmpty()) {
                chosen.put(name, curve);
            }
        }
        if (!chosen.isEmpty()) {
            pieces.add(Svg.curves(chosen));
        }
    }

    /** The confusion matrix (up to 40 classes) and the classes in order of their accuracy. */
    public static void confusion(Html page, Evaluation evaluation, List<String> classNames) {
        int[][] matrix = evaluation.confusion();
        List<List<String>> rows = new ArrayList<>();
        for (int label = 0; label < matrix.length; label++) {
            int total = java.util.Arrays.stream(matrix[label]).sum();
            if (total > 0) {
                double share = (double) matrix[label][label] / total;
                rows.add(List.of(classNames.get(label), percent(share), String.valueOf(total)));
            }
        }
        rows.sort(java.util.Comparator.comparing(
                row -> Double.parseDouble(row.get(1).replace(" %", ""))));
        Html table = page;
        if (matrix.length <= 40) {
            table.row(List.of(Svg.confusion(matrix, classNames)));
        }
        page.table(List.of("class", "accuracy", "samples"), rows.subList(0, Math.min(rows.size(), 20)));
    }

    /** Held-out samples with what the model says about them; every mistake first, then others. */
    public static void samples(
            Html page,
            Evaluation evaluation,
            SampleSource source,
            ClipChoice clip,
            TestTransform transform,
            List<String> classNames) {
        List<Evaluation.Judged> chosen = new ArrayList<>();
        List<Evaluation.Judged> all = evaluation.samples();
        all.stream().filter(one -> one.rank() > 0).limit(SAMPLES / 3).forEach(chosen::add);
        int stride = Math.max(1, all.size() / SAMPLES);
        for (int i = 0; i < all.size() && chosen.size() < SAMPLES; i += stride) {
            if (all.get(i).rank() == 0) {
                chosen.add(all.get(i));
            }
        }
        for (Evaluation.Judged one : chosen) {
            List<Rgb8Image> frames = source.read(one.sample(), clip);
            Rgb8Image shown = transform.pixels(frames.get(frames.size() / 2));
            boolean wrong = one.rank() > 0;
            String caption = classNames.get(one.predicted()) + " " + percent(one.confidence())
                    + (wrong ? " (is " + classNames.get(one.label()) + ")" : "");
            page.picture(shown, 128, caption, wrong);
        }
    }

    /** {@code 93.1 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
