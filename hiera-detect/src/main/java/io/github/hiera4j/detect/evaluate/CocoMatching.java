package io.github.hiera4j.detect.evaluate;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.coco.CocoAnnotation;
import io.github.hiera4j.detect.coco.CocoImage;
import io.github.hiera4j.detect.coco.CocoResult;
import io.github.hiera4j.detect.evaluate.CocoEvaluation.Kind;
import io.github.hiera4j.model.mask.MaskOperations;
import io.github.hiera4j.model.mask.PolygonRasterizer;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Detections and ground truth of one image and category, with their IoU and matches. */
final class CocoMatching {
    private static final int MOST_DETECTIONS = CocoRules.LIMITS[CocoRules.LIMITS.length - 1];
    private static final double JUST_BELOW_ONE = 1 - 1e-10;

    /** A detection; {@code maskBox} and {@code mask} are null if boxes are compared. */
    record Detection(
            double score,
            double area,
            double[] box,
            @Nullable RunLengthMask mask,
            double @Nullable [] maskBox) {}

    /** A ground truth. */
    record Truth(
            long id,
            double area,
            boolean crowd,
            double[] box,
            @Nullable RunLengthMask mask,
            double @Nullable [] maskBox) {}

    /**
     * The matches of one size class.
     *
     * @param matched {@code [threshold][detection]}
     * @param ignored {@code [threshold][detection]}: counts as neither correct nor wrong
     * @param counted number of ground truths that are not ignored
     */
    record Matches(boolean[][] matched, boolean[][] ignored, int counted) {}

    private final List<Detection> detections;
    private final List<Truth> truths;
    private final double[][] iou;

    /** @param detections the detections by descending score */
    CocoMatching(Kind kind, List<Detection> detections, List<Truth> truths) {
        this.detections = detections.size() > MOST_DETECTIONS ? detections.subList(0, MOST_DETECTIONS) : detections;
        this.truths = truths;
        this.iou = new double[this.detections.size()][truths.size()];
        for (int d = 0; d < iou.length; d++) {
            for (int g = 0; g < truths.size(); g++) {
                iou[d][g] = kind == Kind.BOXES
                        ? boxIou(
                                detections.get(d).box(),
                                truths.get(g).box(),
                                truths.get(g).crowd())
                        : maskIou(detections.get(d), truths.get(g));
            }
        }
    }

    static Detection detection(Kind kind, boolean byBox, CocoImage image, CocoResult result, int index) {
        double[] box = result.box();
        RunLengthMask mask = result.mask();
        if (byBox) {
            check(box != null, "result %d: has no bbox, but the first result has one", index);
            double[] given = Objects.requireNonNull(box);
            if (kind == Kind.MASKS && mask == null) {
                mask = PolygonRasterizer.rasterizeBox(image.height(), image.width(), given);
            }
            return detection(kind, result.score(), given[2] * given[3], given, mask);
        }
        check(mask != null, "result %d: has neither bbox nor segmentation", index);
        RunLengthMask pixels = Objects.requireNonNull(mask);
        return detection(kind, result.score(), (double) pixels.area(), pixels.boundingBox(), pixels);
    }

    private static Detection detection(
            Kind kind, double score, double area, double[] box, @Nullable RunLengthMask mask) {
        boolean masks = kind == Kind.MASKS && mask != null;
        return new Detection(
                score,
                area,
                box,
                masks ? mask : null,
                masks ? Objects.requireNonNull(mask).boundingBox() : null);
    }

    static Truth truth(Kind kind, CocoImage image, CocoAnnotation annotation) {
        double[] box = {annotation.x(), annotation.y(), annotation.width(), annotation.height()};
        RunLengthMask mask = null;
        if (kind == Kind.MASKS) {
            check(
                    annotation.segmentation() != null,
                    "annotation %d: has no segmentation to evaluate masks with",
                    annotation.id());
            mask = Objects.requireNonNull(annotation.segmentation()).mask(image.height(), image.width());
        }
        return new Truth(
                annotation.id(),
                annotation.area(),
                annotation.crowd(),
                box,
                mask,
                mask == null ? null : mask.boundingBox());
    }

    private static double maskIou(Detection detection, Truth truth) {
        RunLengthMask found = Objects.requireNonNull(detection.mask());
        RunLengthMask wanted = Objects.requireNonNull(truth.mask());
        double boxes = boxIou(
                Objects.requireNonNull(detection.maskBox()), Objects.requireNonNull(truth.maskBox()), truth.crowd());
        return boxes > 0 ? MaskOperations.iou(found, wanted, truth.crowd()) : boxes;
    }

    /** Returns the IoU of boxes given as x, y, width, height; the union with a crowd is only the detection's area. */
    private static double boxIou(double[] detection, double[] truth, boolean crowd) {
        double width = Math.min(detection[2] + detection[0], truth[2] + truth[0]) - Math.max(detection[0], truth[0]);
        if (width <= 0) {
            return 0;
        }
        double height = Math.min(detection[3] + detection[1], truth[3] + truth[1]) - Math.max(detection[1], truth[1]);
        if (height <= 0) {
            return 0;
        }
        double intersection = width * height;
        double area = detection[2] * detection[3];
        double union = crowd ? area : area + truth[2] * truth[3] - intersection;
        return intersection / union;
    }

    int size() {
        return detections.size();
    }

    double score(int detection) {
        return detections.get(detection).score();
    }

    /** Matches the ground truths in a size class; those outside it, and crowds, are ignored and tried last. */
    Matches match(double smallest, double largest) {
        boolean[] ignore = new boolean[truths.size()];
        for (int g = 0; g < ignore.length; g++) {
            double area = truths.get(g).area();
            ignore[g] = truths.get(g).crowd() || area < smallest || area > largest;
        }
        int[] order = countedFirst(ignore);
        boolean[][] matched = new boolean[CocoRules.THRESHOLDS.length][detections.size()];
        boolean[][] ignored = new boolean[CocoRules.THRESHOLDS.length][detections.size()];
        for (int t = 0; t < matched.length; t++) {
            boolean[] taken = new boolean[truths.size()];
            for (int d = 0; d < detections.size(); d++) {
                int match = bestMatch(d, CocoRules.THRESHOLDS[t], order, ignore, taken);
                if (match >= 0) {
                    taken[match] = true;
                    ignored[t][d] = ignore[match];
                    // pycocotools stores the id and treats 0 as "no match".
                    matched[t][d] = truths.get(match).id() != 0;
                }
                double area = detections.get(d).area();
                if (!matched[t][d] && (area < smallest || area > largest)) {
                    ignored[t][d] = true;
                }
            }
        }
        int counted = 0;
        for (boolean one : ignore) {
            counted += one ? 0 : 1;
        }
        return new Matches(matched, ignored, counted);
    }

    private int bestMatch(int detection, double threshold, int[] order, boolean[] ignore, boolean[] taken) {
        double best = Math.min(threshold, JUST_BELOW_ONE);
        int match = -1;
        for (int g : order) {
            if (taken[g] && !truths.get(g).crowd()) {
                continue;
            }
            if (match >= 0 && !ignore[match] && ignore[g]) {
                break;
            }
            if (iou[detection][g] >= best) {
                best = iou[detection][g];
                match = g;
            }
        }
        return match;
    }

    /** Returns positions with those that are not ignored first, otherwise in order. */
    private static int[] countedFirst(boolean[] ignore) {
        int[] order = new int[ignore.length];
        int at = 0;
        for (boolean wanted : new boolean[] {false, true}) {
            for (int g = 0; g < ignore.length; g++) {
                if (ignore[g] == wanted) {
                    order[at++] = g;
                }
            }
        }
        return Arrays.copyOf(order, at);
    }
}
