package io.github.hiera4j.detect.geometry;

import java.util.Arrays;

/**
 * Assigns a ground truth to every candidate box by IoU.
 *
 * @param negativeBelow IoU below which a candidate is negative
 * @param positiveFrom IoU from which it is positive; between the two it is ignored
 * @param allowLowQuality whether every candidate with the best IoU of some ground truth also becomes positive. A ground truth that
 *     overlaps nothing then makes all candidates positive, so drop empty boxes first
 * @param guardedIou whether boxes without common area have the IoU 0 (Detectron2); otherwise it is the quotient of the areas, which
 *     is NaN for two empty boxes, and a candidate with NaN is positive (torchvision)
 */
public record Matcher(double negativeBelow, double positiveFrom, boolean allowLowQuality, boolean guardedIou) {
    /** The rule for anchors. */
    public static final Matcher ANCHORS = new Matcher(.3, .7, true, true);

    /** The rule for the boxes of the heads. */
    public static final Matcher HEADS = new Matcher(.5, .5, false, true);

    /**
     * {@return the same rule with torchvision's IoU: the quotient of the areas, even if it is NaN}
     */
    public Matcher withoutGuard() {
        return new Matcher(negativeBelow, positiveFrom, allowLowQuality, false);
    }

    /** The training label of a candidate. */
    public enum Label {
        /** Background. */
        NEGATIVE,
        /** Neither; not used for training. */
        IGNORED,
        /** Matched with an object. */
        POSITIVE
    }

    /**
     * The assignment.
     *
     * @param truth per candidate, the first ground truth with the largest IoU, regardless of the label; 0 if there is none
     * @param labels the label of each candidate
     */
    public record Matches(int[] truth, Label[] labels) {
        /**
         * {@return positions of the candidates with a label, ascending}
         *
         * @param label the label
         */
        public int[] positions(Label label) {
            int[] found = new int[labels.length];
            int count = 0;
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] == label) {
                    found[count++] = i;
                }
            }
            return Arrays.copyOf(found, count);
        }
    }

    /**
     * Matches candidates with ground truth by their overlap.
     *
     * @param truth boxes of the ground truth; if empty, all candidates are negative
     * @param candidates boxes in the same pixels
     * @return the assignment
     */
    public Matches match(Boxes truth, Boxes candidates) {
        return match(guardedIou ? truth.iou(candidates) : truth.unguardedIou(candidates), candidates.size());
    }

    /**
     * Matches candidates with ground truth. A NaN overlap counts as the largest.
     *
     * @param iou {@code [ground truth][candidate]}; without ground truth all candidates are negative
     * @param candidates number of candidates
     * @return the assignment
     */
    public Matches match(double[][] iou, int candidates) {
        int[] truth = new int[candidates];
        Label[] labels = new Label[candidates];
        double[] best = new double[candidates];
        Arrays.fill(best, iou.length == 0 ? 0 : -1);
        for (int i = 0; i < iou.length; i++) {
            for (int j = 0; j < candidates; j++) {
                if (iou[i][j] > best[j] || (Double.isNaN(iou[i][j]) && !Double.isNaN(best[j]))) {
                    best[j] = iou[i][j];
                    truth[j] = i;
                }
            }
        }
        for (int j = 0; j < candidates; j++) {
            labels[j] = iou.length == 0 || best[j] < negativeBelow
                    ? Label.NEGATIVE
                    : best[j] < positiveFrom ? Label.IGNORED : Label.POSITIVE;
        }
        if (allowLowQuality) {
            for (double[] row : iou) {
                double highest = Arrays.stream(row).max().orElse(0);
                for (int j = 0; j < candidates; j++) {
                    if (row[j] == highest) {
                        labels[j] = Label.POSITIVE;
                    }
                }
            }
        }
        return new Matches(truth, labels);
    }
}
