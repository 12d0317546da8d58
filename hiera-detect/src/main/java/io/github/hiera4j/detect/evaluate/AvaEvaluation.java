package io.github.hiera4j.detect.evaluate;

import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.detect.geometry.Boxes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Frame mAP of AVA at IoU 0.5.
 *
 * <p>Per frame and class, every detection is assigned to the ground truth with the highest IoU, the first one if several are equal. It
 * is correct if the IoU is at least 0.5 and the ground truth is not yet matched; the second best is never used. AP is the area under
 * the monotone precision–recall curve; mAP is its mean over classes with ground truth.
 */
public final class AvaEvaluation {
    private static final double THRESHOLD = .5;
    private static final int BEST_PER_FRAME = 50;

    private AvaEvaluation() {}

    /** The two public rules. */
    public enum Rule {
        /** Uses detections in input order, without excluded frames; this is the rule of the paper's framework. */
        SLOWFAST,
        /** Uses the 50 detections per frame with the highest scores; frames not in the ground truth are ignored. */
        ACTIVITYNET
    }

    /**
     * The result for one class.
     *
     * @param groundTruths number of boxes in the ground truth
     * @param detections number of evaluated detections
     * @param truePositives number of correct detections
     * @param averagePrecision average precision, 0 to 1
     */
    public record ClassResult(int groundTruths, int detections, int truePositives, double averagePrecision) {}

    /**
     * The result.
     *
     * @param meanAveragePrecision mean average precision; NaN without ground truth
     * @param classes results of the classes with ground truth, by class id
     */
    public record Result(double meanAveragePrecision, Map<Integer, ClassResult> classes) {}

    /** A detection of a class, and whether it is correct. */
    private record Scored(double score, boolean right) {}

    /**
     * Evaluates detections.
     *
     * @param rule the evaluation rule
     * @param truths ground truth
     * @param detections in file order
     * @param excluded frames to exclude; none with {@link Rule#ACTIVITYNET}
     * @param classes class ids to evaluate
     * @return the metrics
     */
    public static Result run(
            Rule rule, List<AvaBox> truths, List<AvaBox> detections, Set<AvaFrame> excluded, Set<Integer> classes) {
        Set<AvaFrame> named = truths.stream().map(AvaBox::frame).collect(Collectors.toCollection(HashSet::new));
        Map<AvaFrame, List<AvaBox>> truthsByFrame = byFrame(truths, excluded, classes);
        Map<AvaFrame, List<AvaBox>> byFrame = byFrame(detections, excluded, classes);
        Map<Integer, List<Scored>> scored = new TreeMap<>();
        byFrame.forEach((frame, found) -> {
            if (rule == Rule.ACTIVITYNET) {
                if (!named.contains(frame)) {
                    return;
                }
                found.sort(Comparator.comparingDouble(AvaBox::score).reversed());
            }
            int count = rule == Rule.ACTIVITYNET ? Math.min(BEST_PER_FRAME, found.size()) : found.size();
            match(found.subList(0, count), truthsByFrame.getOrDefault(frame, List.of()), scored);
        });
        Map<Integer, Integer> counts = new TreeMap<>();
        truthsByFrame.values().forEach(boxes -> boxes.forEach(box -> counts.merge(box.action(), 1, Integer::sum)));
        Map<Integer, ClassResult> results = new TreeMap<>();
        counts.forEach((action, count) ->
                results.put(action, classResult(scored.getOrDefault(action, List.of()), count)));
        double mean = results.values().stream()
                .mapToDouble(ClassResult::averagePrecision)
                .average()
                .orElse(Double.NaN);
        return new Result(mean, results);
    }

    /** Returns valid boxes by frame, with frames in the order of their first appearance. */
    private static Map<AvaFrame, List<AvaBox>> byFrame(
            List<AvaBox> boxes, Set<AvaFrame> excluded, Set<Integer> classes) {
        Map<AvaFrame, List<AvaBox>> byFrame = new LinkedHashMap<>();
        for (AvaBox box : boxes) {
            double[] corners = box.box();
            if (corners != null
                    && corners[0] < corners[2]
                    && corners[1] < corners[3]
                    && classes.contains(box.action())
                    && !excluded.contains(box.frame())) {
                byFrame.computeIfAbsent(box.frame(), frame -> new ArrayList<>()).add(box);
            }
        }
        return byFrame;
    }

    private static void match(List<AvaBox> detections, List<AvaBox> truths, Map<Integer, List<Scored>> scored) {
        boolean[] taken = new boolean[truths.size()];
        for (AvaBox detection : detections) {
            int best = -1;
            double bestIou = -1;
            for (int i = 0; i < truths.size(); i++) {
                if (truths.get(i).action() == detection.action()) {
                    double iou = iou(detection, truths.get(i));
                    if (iou > bestIou) {
                        bestIou = iou;
                        best = i;
                    }
                }
            }
            boolean right = best >= 0 && bestIou >= THRESHOLD && !taken[best];
            if (right) {
                taken[best] = true;
            }
            scored.computeIfAbsent(detection.action(), action -> new ArrayList<>())
                    .add(new Scored(detection.score(), right));
        }
    }

    private static double iou(AvaBox first, AvaBox second) {
        return Boxes.of(Objects.requireNonNull(first.box())).iou(Boxes.of(Objects.requireNonNull(second.box())))[0][0];
    }

    private static ClassResult classResult(List<Scored> detections, int truths) {
        List<Scored> ranked = new ArrayList<>(detections);
        java.util.Collections.reverse(ranked); // among equal scores, the later detection comes first
        ranked.sort(Comparator.comparingDouble(Scored::score).reversed());
        int right = 0;
        double[] precisions = new double[ranked.size()];
        double[] recalls = new double[ranked.size()];
        for (int i = 0; i < ranked.size(); i++) {
            right += ranked.get(i).right() ? 1 : 0;
            precisions[i] = (double) right / (i + 1);
            recalls[i] = (double) right / truths;
        }
        double best = 0;
        double area = 0;
        for (int i = ranked.size() - 1; i >= 0; i--) {
            best = Math.max(best, precisions[i]);
            area += (recalls[i] - (i == 0 ? 0 : recalls[i - 1])) * best;
        }
        return new ClassResult(truths, ranked.size(), right, area);
    }
}
