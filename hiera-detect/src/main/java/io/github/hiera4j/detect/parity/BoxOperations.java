package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.boxes;
import static io.github.hiera4j.detect.parity.Findings.doubles;
import static io.github.hiera4j.detect.parity.Findings.flat;
import static io.github.hiera4j.detect.parity.Findings.integerList;
import static io.github.hiera4j.detect.parity.Findings.integers;
import static io.github.hiera4j.detect.parity.Findings.listOf;

import io.github.hiera4j.detect.geometry.Anchors;
import io.github.hiera4j.detect.geometry.BalancedSampler;
import io.github.hiera4j.detect.geometry.BoxDeltas;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.Losses;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.geometry.NonMaximumSuppression;
import io.github.hiera4j.detect.geometry.PyramidLevels;
import io.github.hiera4j.detect.geometry.RoiAlign;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Compares individual box operations with the reference. */
final class BoxOperations {
    private static final double ROUNDING = 1e-12;

    private BoxOperations() {}

    static void run(JsonNode json, Findings findings) {
        roiAlign(json.path("roi_align"), findings);
        suppression(json.path("nms"), findings);
        deltas(json.path("box_deltas"), findings);
        JsonNode iou = json.path("iou");
        findings.close(
                "iou", doubles(iou.path("iou")), flat(boxes(iou.path("a")).iou(boxes(iou.path("b")))), ROUNDING);
        matcher(json.path("matcher"), findings);
        sampler(json.path("sampler"), findings);
        levels(json.path("fpn_levels"), findings);
        anchors(json.path("anchors"), findings);
        losses(json.path("losses"), findings);
    }

    /** Returns a synthetic tensor as doubles. */
    static double[] formula(String name, int... shape) {
        HostTensor tensor = FormulaWeights.tensor(name, Shape.of(shape));
        return IntStream.range(0, tensor.elements()).mapToDouble(tensor::get).toArray();
    }

    private static void roiAlign(JsonNode json, Findings findings) {
        int[] shape = integers(json.path("map_shape"));
        double[] map = formula("input_roi_map", shape);
        int perImage = map.length / shape[0];
        for (JsonNode run : json.path("runs")) {
            int[] size = integers(run.path("output_size"));
            boolean aligned = run.path("aligned").asBoolean();
            int ratio = run.path("sampling_ratio").asInt();
            RoiAlign align =
                    new RoiAlign(size[0], size[1], json.path("spatial_scale").asDouble(), ratio, aligned);
            String name = "roi_align " + size[0] + "x" + size[1] + " ratio " + ratio + (aligned ? "" : " unaligned");
            int perRoi = shape[1] * size[0] * size[1];
            double[] output = new double[json.path("rois").size() * perRoi];
            double[] gradient = formula("input_roi_grad", json.path("rois").size(), shape[1], size[0], size[1]);
            double[] mapGradient = new double[map.length];
            int row = 0;
            for (JsonNode roi : json.path("rois")) {
                int from = roi.path(0).asInt() * perImage;
                Boxes box = Boxes.of(Arrays.copyOfRange(doubles(roi), 1, 5));
                double[] features = Arrays.copyOfRange(map, from, from + perImage);
                double[] pooled = align.pool(features, shape[1], shape[2], shape[3], box);
                System.arraycopy(pooled, 0, output, row * perRoi, perRoi);
                double[] part = Arrays.copyOfRange(mapGradient, from, from + perImage);
                double[] upstream = Arrays.copyOfRange(gradient, row * perRoi, (row + 1) * perRoi);
                align.addGradient(upstream, part, shape[1], shape[2], shape[3], box);
                System.arraycopy(part, 0, mapGradient, from, perImage);
                row++;
            }
            findings.summary(name, run.path("output"), output, ROUNDING);
            findings.summary(name + " gradient", run.path("input_grad"), mapGradient, ROUNDING);
            if (run.has("values")) {
                findings.close(name + " values", doubles(run.path("values")), output, ROUNDING);
            }
        }
    }

    private static void suppression(JsonNode json, Findings findings) {
        Boxes boxes = boxes(json.path("boxes"));
        double[] scores = doubles(json.path("scores"));
        for (JsonNode run : json.path("nms")) {
            double threshold = run.path("threshold").asDouble();
            findings.equal(
                    "nms " + threshold,
                    integerList(run.path("keep")),
                    listOf(NonMaximumSuppression.keep(boxes, scores, threshold)));
        }
        int[] classes = integers(json.path("class"));
        for (JsonNode run : json.path("batched_nms")) {
            double threshold = run.path("threshold").asDouble();
            findings.equal(
                    "batched nms " + threshold,
                    integerList(run.path("keep")),
                    listOf(NonMaximumSuppression.keep(boxes, scores, classes, threshold)));
        }
    }

    private static void deltas(JsonNode json, Findings findings) {
        for (JsonNode run : json.path("runs")) {
            double[] weights = doubles(run.path("weights"));
            BoxDeltas coder = new BoxDeltas(weights[0], weights[1], weights[2], weights[3]);
            Boxes sources = boxes(json.path("source"));
            double[] encoded = coder.encode(sources, boxes(json.path("target")));
            String name = "deltas of weight " + weights[0];
            findings.close(name, doubles(run.path("encoded")), encoded, ROUNDING);
            findings.close(
                    name + ", decoded",
                    doubles(run.path("decoded")),
                    coder.decode(doubles(json.path("deltas")), boxes(json.path("boxes")))
                            .toArray(),
                    ROUNDING);
            findings.close(
                    name + ", there and back",
                    doubles(run.path("round_trip")),
                    coder.decode(encoded, sources).toArray(),
                    ROUNDING);
        }
    }

    private static void matcher(JsonNode json, Findings findings) {
        for (JsonNode run : json.path("runs")) {
            double[][] iou = switch (run.path("matrix").asString()) {
                case "ties" -> rows(json.path("ties"));
                case "no ground truth" -> new double[0][];
                default -> rows(json.path("zero_row"));
            };
            double[] thresholds = doubles(run.path("thresholds"));
            Matcher matcher = new Matcher(
                    thresholds[0],
                    thresholds[thresholds.length - 1],
                    run.path("allow_low_quality").asBoolean(),
                    true);
            Matcher.Matches matches = matcher.match(iou, run.path("index").size());
            String name = "matcher, " + run.path("rule").asString() + ", "
                    + run.path("matrix").asString();
            findings.equal(name + ": index", integerList(run.path("index")), listOf(matches.truth()));
            findings.equal(
                    name + ": label",
                    integerList(run.path("label")),
                    Arrays.stream(matches.labels())
                            .map(label -> switch (label) {
                                case NEGATIVE -> 0;
                                case IGNORED -> -1;
                                case POSITIVE -> 1;
                            })
                            .toList());
        }
    }

    private static double[][] rows(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .map(Findings::doubles)
                .toArray(double[][]::new);
    }

    private static void sampler(JsonNode json, Findings findings) {
        for (JsonNode run : json.path("runs")) {
            int[] positives = IntStream.range(0, run.path("positives").asInt()).toArray();
            int[] negatives = IntStream.range(
                            1_000_000, 1_000_000 + run.path("negatives").asInt())
                    .toArray();
            BalancedSampler.Sample sample = new BalancedSampler(
                            run.path("size").asInt(), run.path("fraction").asDouble())
                    .draw(positives, negatives, new Random(1));
            List<Integer> expected = List.of(
                    run.path("sampled_positives").asInt(),
                    run.path("sampled_negatives").asInt());
            findings.equal(
                    "sampler counts", expected, List.of(distinct(sample.positives()), distinct(sample.negatives())));
        }
    }

    private static int distinct(int[] values) {
        return (int) Arrays.stream(values).distinct().count();
    }

    private static void levels(JsonNode json, Findings findings) {
        Boxes boxes = boxes(json.path("boxes"));
        for (String field : List.of("level", "nano_level")) {
            PyramidLevels levels = field.equals("level") ? PyramidLevels.STANDARD : new PyramidLevels(2, 5, 4, 28);
            List<Integer> actual = new ArrayList<>();
            for (int i = 0; i < boxes.size(); i++) {
                actual.add(levels.level(boxes, i));
            }
            findings.equal("pyramid " + field, integerList(json.path(field)), actual);
        }
    }

    private static void anchors(JsonNode json, Findings findings) {
        Anchors anchors = Anchors.standard();
        Anchors rounded = new Anchors(anchors.strides(), anchors.sizes(), anchors.ratios(), true, true);
        int level = 0;
        for (JsonNode figures : json.path("levels")) {
            int[] grid = integers(figures.path("grid"));
            int stride = anchors.strides().get(level);
            Boxes all = anchors.grid(level, grid[0], grid[1], grid[0] * stride, grid[1] * stride);
            String name = "anchors of stride " + figures.path("stride").asInt();
            findings.equal(name + ": count", figures.path("count").asInt(), all.size());
            findings.close(
                    name + ": cell",
                    doubles(figures.path("cell")),
                    anchors.cell(level).toArray(),
                    ROUNDING);
            findings.close(
                    name,
                    doubles(figures.path("anchor")),
                    all.select(integers(figures.path("index"))).toArray(),
                    ROUNDING);
            double[] sum = new double[4];
            double[] corners = all.toArray();
            for (int i = 0; i < corners.length; i++) {
                sum[i % 4] += corners[i];
            }
            findings.close(name + ": sum", doubles(figures.path("sum")), sum, ROUNDING);
            findings.close(
                    name + ": rounded cell",
                    doubles(json.path("torchvision_cell").path(level)),
                    rounded.cell(level).toArray(),
                    0);
            level++;
        }
    }

    private static void losses(JsonNode json, Findings findings) {
        double[] predicted = formula("input_pred", 6, 4);
        double[] target = formula("input_target", 6, 4);
        json.path("smooth_l1_sum")
                .forEachEntry((beta, sum) -> findings.close(
                        "smooth L1, beta " + beta,
                        new double[] {sum.asDouble()},
                        new double[] {Losses.smoothL1(predicted, target, Double.parseDouble(beta))},
                        ROUNDING));
        double[] logits = scaled(formula("input_logits", 8), 4);
        findings.close(
                "binary cross-entropy",
                new double[] {json.path("bce_sum").asDouble()},
                new double[] {Losses.binaryCrossEntropy(logits, doubles(json.path("labels")))},
                ROUNDING);
        findings.close(
                "cross-entropy",
                new double[] {json.path("cross_entropy_mean").asDouble()},
                new double[] {Losses.crossEntropy(scaled(formula("input_classes", 5, 6), 3), new int[] {5, 0, 3, 5, 2})
                },
                ROUNDING);
    }

    private static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(value -> value * factor).toArray();
    }
}
