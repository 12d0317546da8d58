package io.github.hiera4j.detect.evaluate;

import io.github.hiera4j.detect.evaluate.CocoEvaluation.Kind;
import io.github.hiera4j.detect.evaluate.CocoMatching.Detection;
import io.github.hiera4j.detect.evaluate.CocoMatching.Matches;
import io.github.hiera4j.detect.evaluate.CocoMatching.Truth;
import io.github.hiera4j.detect.geometry.NonMaximumSuppression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Precision and recall of one category over all images. */
final class CategoryCurves {
    /** {@code numpy.spacing(1)}, which avoids a division of zero by zero. */
    private static final double SMALL = 0x1p-52;

    private final List<CocoMatching> images;
    private final double[][][][] precision; // [area][limit][threshold][recall point]
    private final double[][][] recall; // [area][limit][threshold]

    private CategoryCurves(List<CocoMatching> images) {
        this.images = images;
        int areas = CocoRules.AREAS.length;
        int limits = CocoRules.LIMITS.length;
        this.precision = new double[areas][limits][CocoRules.THRESHOLDS.length][CocoRules.RECALLS.length];
        this.recall = new double[areas][limits][CocoRules.THRESHOLDS.length];
    }

    /** @param imageIds all images, ascending */
    static CategoryCurves of(
            Kind kind, Set<Long> imageIds, Map<Long, List<Detection>> detections, Map<Long, List<Truth>> truths) {
        List<CocoMatching> images = new ArrayList<>();
        for (long image : imageIds) {
            List<Detection> found = detections.getOrDefault(image, List.of());
            List<Truth> wanted = truths.getOrDefault(image, List.of());
            if (!found.isEmpty() || !wanted.isEmpty()) {
                images.add(new CocoMatching(kind, byFallingScore(found), wanted));
            }
        }
        CategoryCurves curves = new CategoryCurves(images);
        curves.compute();
        return curves;
    }

    private static List<Detection> byFallingScore(List<Detection> detections) {
        double[] scores = detections.stream().mapToDouble(Detection::score).toArray();
        return Arrays.stream(NonMaximumSuppression.byFallingScore(scores))
                .mapToObj(detections::get)
                .toList();
    }

    private void compute() {
        List<Ranking> rankings = new ArrayList<>();
        for (int limit : CocoRules.LIMITS) {
            rankings.add(Ranking.of(images, limit));
        }
        for (int area = 0; area < CocoRules.AREAS.length; area++) {
            double smallest = CocoRules.AREAS[area][0];
            double largest = CocoRules.AREAS[area][1];
            List<Matches> matches =
                    images.stream().map(image -> image.match(smallest, largest)).toList();
            int counted = matches.stream().mapToInt(Matches::counted).sum();
            for (int limit = 0; limit < rankings.size(); limit++) {
                for (int t = 0; t < CocoRules.THRESHOLDS.length; t++) {
                    if (counted == 0) {
                        Arrays.fill(precision[area][limit][t], -1);
                        recall[area][limit][t] = -1;
                    } else {
                        recall[area][limit][t] =
                                curve(rankings.get(limit), matches, t, counted, precision[area][limit][t]);
                    }
                }
            }
        }
    }

    /** Computes the precision at the recall points, and returns the largest recall. */
    private static double curve(Ranking ranking, List<Matches> matches, int threshold, int counted, double[] points) {
        int length = ranking.image.length;
        double[] recalls = new double[length];
        double[] precisions = new double[length];
        double right = 0;
        double wrong = 0;
        for (int i = 0; i < length; i++) {
            Matches match = matches.get(ranking.image[i]);
            int detection = ranking.detection[i];
            if (!match.ignored()[threshold][detection]) {
                if (match.matched()[threshold][detection]) {
                    right++;
                } else {
                    wrong++;
                }
            }
            recalls[i] = right / counted;
            precisions[i] = right / (wrong + right + SMALL);
        }
        for (int i = length - 1; i > 0; i--) {
            precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
        }
        int at = 0;
        for (int point = 0; point < points.length; point++) {
            while (at < length && recalls[at] < CocoRules.RECALLS[point]) {
                at++;
            }
            points[point] = at < length ? precisions[at] : 0;
        }
        return length == 0 ? 0 : recalls[length - 1];
    }

    /** The detections of all images by descending score; equal scores remain in the order of images. */
    private record Ranking(int[] image, int[] detection) {
        static Ranking of(List<CocoMatching> images, int limit) {
            int count = images.stream()
                    .mapToInt(image -> Math.min(limit, image.size()))
                    .sum();
            int[] image = new int[count];
            int[] detection = new int[count];
            double[] scores = new double[count];
            int at = 0;
            for (int i = 0; i < images.size(); i++) {
                for (int d = 0; d < Math.min(limit, images.get(i).size()); d++) {
                    image[at] = i;
                    detection[at] = d;
                    scores[at++] = images.get(i).score(d);
                }
            }
            int[] order = NonMaximumSuppression.byFallingScore(scores);
            return new Ranking(
                    Arrays.stream(order).map(i -> image[i]).toArray(),
                    Arrays.stream(order).map(i -> detection[i]).toArray());
        }
    }

    void copyTo(double[][][][][] allPrecision, double[][][][] allRecall, int category) {
        for (int t = 0; t < CocoRules.THRESHOLDS.length; t++) {
            for (int area = 0; area < CocoRules.AREAS.length; area++) {
                for (int limit = 0; limit < CocoRules.LIMITS.length; limit++) {
                    allRecall[t][category][area][limit] = recall[area][limit][t];
                    for (int point = 0; point < CocoRules.RECALLS.length; point++) {
                        allPrecision[t][point][category][area][limit] = precision[area][limit][t][point];
                    }
                }
            }
        }
    }
}
