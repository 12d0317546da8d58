package io.github.hiera4j.detect.evaluate;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.coco.CocoAnnotation;
import io.github.hiera4j.detect.coco.CocoCategory;
import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoImage;
import io.github.hiera4j.detect.coco.CocoResult;
import io.github.hiera4j.model.HieraException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * COCO's average precision and recall for boxes or masks, bitwise identical to pycocotools 2.0.11.
 *
 * <p>Categories are evaluated one at a time to limit memory to the matches of one category.
 */
public final class CocoEvaluation {
    /** What is compared with the ground truth. */
    public enum Kind {
        /** Overlap of boxes. */
        BOXES,
        /** Overlap of masks. */
        MASKS
    }

    private final Kind kind;
    private final CocoDataset truth;
    private final Map<Long, CocoImage> images = new TreeMap<>();

    private CocoEvaluation(Kind kind, CocoDataset truth) {
        this.kind = kind;
        this.truth = truth;
        truth.images().forEach(image -> images.put(image.id(), image));
    }

    /**
     * Evaluates detections.
     *
     * @param kind boxes or masks
     * @param truth the ground truth
     * @param results the detections in file order; the first one determines whether areas and missing masks of all are derived from
     *     boxes, or boxes and areas from masks
     * @return the metrics
     * @throws HieraException if there are no results, an image is unknown, a score is not a number, or a result contains neither
     *     the box or mask to compare nor the other from which it can be derived
     */
    public static CocoMetrics run(Kind kind, CocoDataset truth, List<CocoResult> results) {
        return new CocoEvaluation(kind, truth).run(results);
    }

    private CocoMetrics run(List<CocoResult> results) {
        check(!results.isEmpty(), "there are no detections to evaluate: expected at least one result");
        boolean byBox = results.get(0).box() != null;
        Map<Long, Map<Long, List<CocoMatching.Detection>>> detections = new TreeMap<>();
        for (int i = 0; i < results.size(); i++) {
            CocoResult result = results.get(i);
            CocoImage image = image(result.imageId(), "result " + i);
            check(Double.isFinite(result.score()), "result %d: expected a finite score, got %s", i, result.score());
            detections
                    .computeIfAbsent(result.categoryId(), id -> new TreeMap<>())
                    .computeIfAbsent(result.imageId(), id -> new ArrayList<>())
                    .add(CocoMatching.detection(kind, byBox, image, result, i));
        }
        Map<Long, Map<Long, List<CocoMatching.Truth>>> truths = new TreeMap<>();
        for (CocoAnnotation annotation : truth.annotations()) {
            CocoImage image = image(annotation.imageId(), "annotation " + annotation.id());
            truths.computeIfAbsent(annotation.categoryId(), id -> new TreeMap<>())
                    .computeIfAbsent(annotation.imageId(), id -> new ArrayList<>())
                    .add(CocoMatching.truth(kind, image, annotation));
        }
        return accumulate(detections, truths);
    }

    private CocoImage image(long id, String user) {
        CocoImage image = images.get(id);
        if (image == null) {
            throw new HieraException(
                    user + ": image " + id + " is not in " + truth.source().getFileName());
        }
        return image;
    }

    private CocoMetrics accumulate(
            Map<Long, Map<Long, List<CocoMatching.Detection>>> detections,
            Map<Long, Map<Long, List<CocoMatching.Truth>>> truths) {
        List<Long> ids = truth.categories().stream().map(CocoCategory::id).toList();
        int areas = CocoRules.AREAS.length;
        int limits = CocoRules.LIMITS.length;
        double[][][][][] precision =
                new double[CocoRules.THRESHOLDS.length][CocoRules.RECALLS.length][ids.size()][areas][limits];
        double[][][][] recall = new double[CocoRules.THRESHOLDS.length][ids.size()][areas][limits];
        for (int k = 0; k < ids.size(); k++) {
            CategoryCurves curves = CategoryCurves.of(
                    kind,
                    images.keySet(),
                    detections.getOrDefault(ids.get(k), Map.of()),
                    truths.getOrDefault(ids.get(k), Map.of()));
            curves.copyTo(precision, recall, k);
        }
        return new CocoMetrics(ids, precision, recall);
    }
}
