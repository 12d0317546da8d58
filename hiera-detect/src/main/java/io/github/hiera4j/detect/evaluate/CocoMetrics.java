package io.github.hiera4j.detect.evaluate;

import java.util.Arrays;
import java.util.List;

/**
 * The result of an evaluation by COCO's rules. Entries without ground truth are -1.
 *
 * @param categoryIds ascending; the third axis of {@code precision}
 * @param precision {@code [10 IoU thresholds][101 recall points][categories][4 areas][3 detection limits]}; areas are all,
 *     small, medium, large; limits are 1, 10 and 100 per image and category
 * @param recall {@code [10][categories][4][3]}: the largest recall
 */
public record CocoMetrics(List<Long> categoryIds, double[][][][][] precision, double[][][][] recall) {
    private static final int ALL = 0;
    private static final int LAST_LIMIT = CocoRules.LIMITS.length - 1;
    private static final int IOU_50 = 0;
    private static final int IOU_75 = 5;

    /**
     * Copies the collections.
     *
     * @param categoryIds ascending; the third axis of {@code precision}
     * @param precision {@code [10 IoU thresholds][101 recall points][categories][4 areas][3 detection limits]}; areas are all,
     *     small, medium, large; limits are 1, 10 and 100 per image and category
     * @param recall {@code [10][categories][4][3]}: the largest recall
     */
    public CocoMetrics {
        categoryIds = List.copyOf(categoryIds);
    }

    /**
     * Returns the AP over IoU .50 to .95, the headline figure.
     *
     * @return 0 to 1, or -1
     */
    public double averagePrecision() {
        return meanPrecision(-1, ALL, -1);
    }

    /**
     * Returns the AP at IoU .50.
     *
     * @return 0 to 1, or -1
     */
    public double averagePrecisionAt50() {
        return meanPrecision(IOU_50, ALL, -1);
    }

    /**
     * {@return COCO's twelve figures: AP, AP50, AP75, AP of small, medium and large objects, AR with 1, 10 and 100 detections, AR of
     * small, medium and large objects; -1 without ground truth}
     */
    public double[] summary() {
        return new double[] {
            averagePrecision(),
            averagePrecisionAt50(),
            meanPrecision(IOU_75, ALL, -1),
            meanPrecision(-1, 1, -1),
            meanPrecision(-1, 2, -1),
            meanPrecision(-1, 3, -1),
            meanRecall(ALL, 0),
            meanRecall(ALL, 1),
            meanRecall(ALL, 2),
            meanRecall(1, LAST_LIMIT),
            meanRecall(2, LAST_LIMIT),
            meanRecall(3, LAST_LIMIT)
        };
    }

    /**
     * Returns the AP of one category over all IoU thresholds; -1 without ground truth.
     *
     * @param category index of the class
     * @return 0 to 1, or -1
     */
    public double averagePrecision(int category) {
        return meanPrecision(-1, ALL, category);
    }

    /**
     * Returns the precision at the 101 recall points for an IoU threshold; -1 without ground truth.
     *
     * @param threshold index of the IoU threshold, from 0
     * @param category index of the class
     * @return 101 precisions
     */
    public double[] curve(int threshold, int category) {
        double[] curve = new double[precision[threshold].length];
        Arrays.setAll(curve, point -> precision[threshold][point][category][ALL][LAST_LIMIT]);
        return curve;
    }

    /** @param threshold index of the threshold, or -1 for all; likewise {@code category} */
    private double meanPrecision(int threshold, int area, int category) {
        double[] present = new double[precision.length * precision[0].length * categoryIds.size()];
        int count = 0;
        for (int t = 0; t < precision.length; t++) {
            if (threshold >= 0 && t != threshold) {
                continue;
            }
            for (double[][][] point : precision[t]) {
                for (int k = 0; k < point.length; k++) {
                    double value = point[k][area][LAST_LIMIT];
                    if ((category < 0 || k == category) && value > -1) {
                        present[count++] = value;
                    }
                }
            }
        }
        return count == 0 ? -1 : PairwiseSum.mean(present, count);
    }

    private double meanRecall(int area, int limit) {
        double[] present = new double[recall.length * categoryIds.size()];
        int count = 0;
        for (double[][][] threshold : recall) {
            for (double[][] category : threshold) {
                if (category[area][limit] > -1) {
                    present[count++] = category[area][limit];
                }
            }
        }
        return count == 0 ? -1 : PairwiseSum.mean(present, count);
    }
}
