package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;
import static io.github.hiera4j.detect.parity.Findings.integers;

import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.ava.AvaFiles;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoReader;
import io.github.hiera4j.detect.coco.CocoResult;
import io.github.hiera4j.detect.coco.CocoResults;
import io.github.hiera4j.detect.evaluate.AvaEvaluation;
import io.github.hiera4j.detect.evaluate.CocoEvaluation;
import io.github.hiera4j.detect.evaluate.CocoEvaluation.Kind;
import io.github.hiera4j.detect.evaluate.CocoMetrics;
import io.github.hiera4j.model.mask.MaskOperations;
import io.github.hiera4j.model.mask.PolygonRasterizer;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Compares COCO's and AVA's evaluation with the reference; COCO's must be bitwise identical. */
final class EvaluationParity {
    private static final double AVA_ROUNDING = 1e-14;
    private static final int HEIGHT = 30;
    private static final int WIDTH = 40;

    private EvaluationParity() {}

    static void coco(JsonNode json, Findings findings) {
        masks(json.path("masks"), findings);
        for (JsonNode set : json.path("sets")) {
            String name = set.path("name").asString();
            CocoDataset truth = viaFile(set.path("ground_truth"), CocoReader::read);
            List<CocoResult> boxes = viaFile(set.path("bbox_results"), CocoResults::read);
            List<CocoResult> masks = viaFile(set.path("segm_results"), CocoResults::read);
            metrics(name + " bbox", set.path("bbox"), CocoEvaluation.run(Kind.BOXES, truth, boxes), findings);
            metrics(name + " segm", set.path("segm"), CocoEvaluation.run(Kind.MASKS, truth, masks), findings);
            List<CocoResult> withBoxes = masks.stream()
                    .map(result -> new CocoResult(
                            result.imageId(),
                            result.categoryId(),
                            result.score(),
                            java.util.Objects.requireNonNull(result.mask()).boundingBox(),
                            result.mask()))
                    .toList();
            findings.close(
                    name + " segm with boxes",
                    doubles(set.path("segm_stats_if_results_carry_boxes")),
                    CocoEvaluation.run(Kind.MASKS, truth, withBoxes).summary(),
                    0);
        }
    }

    private interface FileReader<T> {
        T read(Path file);
    }

    /** Writes a part of the golden file to disk and reads it like a user's file. */
    private static <T> T viaFile(JsonNode part, FileReader<T> reader) {
        try {
            Path file = Files.createTempFile("coco", ".json");
            try {
                Files.writeString(file, part.toString());
                return reader.read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void metrics(String name, JsonNode expected, CocoMetrics actual, Findings findings) {
        findings.close(name + " summary", doubles(expected.path("stats")), actual.summary(), 0);
        double[] perCategory = new double[actual.categoryIds().size()];
        Arrays.setAll(perCategory, actual::averagePrecision);
        findings.close(name + " per category", doubles(expected.path("per_category_ap")), perCategory, 0);
        findings.summary(name + " precision", expected.path("precision"), flat(actual.precision()), 0);
        findings.summary(name + " recall", expected.path("recall"), flat(actual.recall()), 0);
    }

    /** Returns all numbers in nested arrays. */
    private static double[] flat(Object array) {
        if (array instanceof double[] numbers) {
            return numbers;
        }
        return Arrays.stream((Object[]) array)
                .flatMapToDouble(part -> Arrays.stream(flat(part)))
                .toArray();
    }

    private static void masks(JsonNode json, Findings findings) {
        for (JsonNode mask : json.path("masks")) {
            int height = mask.path("rows").size();
            int width = mask.path("rows").path(0).asString().length();
            StringBuilder rows = new StringBuilder();
            mask.path("rows").forEach(row -> rows.append(row.asString()));
            byte[] pixels = new byte[rows.length()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (rows.charAt(i) - '0');
            }
            RunLengthMask encoded = RunLengthMask.ofPixels(height, width, pixels);
            String name = "mask " + mask.path("name").asString();
            findings.equal(name, mask.path("text").asString(), encoded.compressed());
            findings.equal(name + ": runs", Findings.integerList(mask.path("counts")), Findings.listOf(encoded.runs()));
            findings.equal(
                    name + ": read",
                    encoded,
                    RunLengthMask.parse(height, width, mask.path("text").asString()));
            findings.close(name + ": box", doubles(mask.path("bbox")), encoded.boundingBox(), 0);
        }
        for (JsonNode large : json.path("large_counts")) {
            int[] size = integers(large.path("size"));
            findings.equal(
                    "large counts",
                    large.path("text").asString(),
                    RunLengthMask.ofRuns(size[0], size[1], integers(large.path("counts")))
                            .compressed());
        }
        List<RunLengthMask> polygons = new ArrayList<>();
        for (JsonNode entry : json.path("polygons")) {
            RunLengthMask mask = PolygonRasterizer.rasterize(HEIGHT, WIDTH, doubles(entry.path("polygon")));
            polygons.add(mask);
            findings.equal("polygon", entry.path("text").asString(), mask.compressed());
            findings.close("polygon: box", doubles(entry.path("bbox")), mask.boundingBox(), 0);
        }
        for (JsonNode entry : json.path("boxes")) {
            findings.equal(
                    "box mask",
                    entry.path("text").asString(),
                    PolygonRasterizer.rasterizeBox(HEIGHT, WIDTH, doubles(entry.path("box")))
                            .compressed());
        }
        int[] crowd = integers(json.path("iou_crowd"));
        double[] iou = new double[crowd.length * crowd.length];
        for (int i = 0; i < iou.length; i++) {
            int truth = i % crowd.length;
            iou[i] = MaskOperations.iou(polygons.get(i / crowd.length), polygons.get(truth), crowd[truth] == 1);
        }
        findings.close("mask iou", doubles(json.path("iou")), iou, 0);
        findings.equal(
                "union",
                json.path("union_of_first_four").path("text").asString(),
                MaskOperations.union(polygons.subList(0, 4)).compressed());
    }

    static void ava(JsonNode json, Findings findings) {
        Set<Integer> classes =
                AvaFiles.labelMap(json.path("label_map_pbtxt").asString()).keySet();
        findings.equal(
                "label map",
                Set.copyOf(Findings.integerList(json.path("classes"))),
                classes.stream().collect(Collectors.toUnmodifiableSet()));
        List<AvaBox> truths = AvaFiles.groundTruth(json.path("ground_truth_csv").asString());
        List<AvaBox> detections =
                AvaFiles.detections(json.path("detections_csv").asString());
        Set<AvaFrame> excluded = AvaFiles.exclusions(json.path("exclusions_csv").asString());
        result(
                "slowfast",
                json.path("slowfast"),
                AvaEvaluation.run(AvaEvaluation.Rule.SLOWFAST, truths, detections, excluded, classes),
                findings);
        result(
                "slowfast without exclusions",
                json.path("slowfast_without_exclusions"),
                AvaEvaluation.run(AvaEvaluation.Rule.SLOWFAST, truths, detections, Set.of(), classes),
                findings);
        result(
                "activitynet",
                json.path("activitynet"),
                AvaEvaluation.run(AvaEvaluation.Rule.ACTIVITYNET, truths, detections, Set.of(), classes),
                findings);
        JsonNode ties = json.path("ties");
        result(
                "ties",
                ties,
                AvaEvaluation.run(
                        AvaEvaluation.Rule.SLOWFAST,
                        AvaFiles.groundTruth(ties.path("ground_truth_csv").asString()),
                        AvaFiles.detections(ties.path("detections_csv").asString()),
                        Set.of(),
                        classes),
                findings);
    }

    private static void result(String name, JsonNode expected, AvaEvaluation.Result actual, Findings findings) {
        findings.close(
                name + " mAP",
                new double[] {expected.path("mAP").asDouble()},
                new double[] {actual.meanAveragePrecision()},
                AVA_ROUNDING);
        findings.equal(
                name + " classes",
                expected.path("classes").asInt(),
                actual.classes().size());
        expected.path("per_class").forEachEntry((id, figures) -> {
            AvaEvaluation.ClassResult result = actual.classes().get(Integer.parseInt(id));
            findings.equal(
                    name + " counts of class " + id,
                    List.of(
                            figures.path("ground_truths").asInt(),
                            figures.path("detections").asInt(),
                            figures.path("true_positives").asInt()),
                    result == null
                            ? List.of()
                            : List.of(result.groundTruths(), result.detections(), result.truePositives()));
            findings.close(
                    name + " AP of class " + id,
                    new double[] {figures.path("ap").asDouble()},
                    new double[] {result == null ? Double.NaN : result.averagePrecision()},
                    AVA_ROUNDING);
        });
    }
}
