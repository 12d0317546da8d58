package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoImage;
import io.github.hiera4j.detect.coco.CocoResult;
import io.github.hiera4j.detect.evaluate.CocoEvaluation;
import io.github.hiera4j.detect.evaluate.CocoMetrics;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.model.MaskRcnnInference;
import io.github.hiera4j.detect.model.MaskRcnnInference.Extent;
import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.detect.model.PictureMasks;
import io.github.hiera4j.detect.model.RawDetections;
import io.github.hiera4j.detect.picture.DetectionPicture;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.metrics.ReportSection;
import io.github.hiera4j.train.objective.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Measures COCO's average precision of boxes and masks on the validation images. */
final class AveragePrecision implements Measurement {
    private static final int SHOWN = 8;
    private static final double SHOWN_SCORE = .5;

    private final DetectObjective objective;
    private final CocoSource source;
    private final MaskRcnnInference inference;
    private final FrozenNetwork network;
    private final PictureInput input;
    private final List<CocoResult> results = new ArrayList<>();
    private final Map<Integer, List<Detection>> shown = new LinkedHashMap<>();
    private @Nullable CocoMetrics boxes;
    private @Nullable CocoMetrics masks;

    AveragePrecision(DetectObjective objective, CocoSource source) {
        this.objective = objective;
        this.source = source;
        this.inference = new MaskRcnnInference(objective.detector());
        this.network = new FrozenNetwork(objective.detector());
        this.input =
                new PictureInput(objective.detector(), objective.description().normalisation());
    }

    @Override
    public void add(FrozenWeights weights, Batch batch, long firstSample) {
        List<Extent> extents = new ArrayList<>();
        for (int index : batch.indices()) {
            CocoImage image = source.image(index);
            extents.add(input.extent(image.height(), image.width()));
        }
        List<RawDetections> found = inference.run(network.with(weights), batch.pixels(), extents);
        for (int i = 0; i < batch.size(); i++) {
            int index = batch.indices()[i];
            CocoImage image = source.image(index);
            PictureMasks.Result result = PictureMasks.of(
                    objective.detector(), found.get(i), extents.get(i), new Extent(image.height(), image.width()));
            add(index, image, result);
        }
    }

    private void add(int index, CocoImage image, PictureMasks.Result result) {
        List<Detection> visible = new ArrayList<>();
        Boxes places = result.detections().boxes();
        for (int i = 0; i < result.detections().size(); i++) {
            int label = result.detections().classes()[i];
            double score = (float) result.detections().scores()[i];
            long category = objective.description().categoryIds().get(label);
            double[] box = {places.x1(i), places.y1(i), places.width(i), places.height(i)};
            results.add(new CocoResult(
                    image.id(), category, score, box, result.masks().get(i)));
            if (score >= SHOWN_SCORE) {
                visible.add(new Detection(
                        objective.description().classNames().get(label),
                        label,
                        category,
                        score,
                        places.x1(i),
                        places.y1(i),
                        places.x2(i),
                        places.y2(i),
                        result.masks().get(i)));
            }
        }
        if (shown.size() < SHOWN) {
            shown.put(index, visible);
        }
    }

    private void evaluate() {
        if (boxes == null && !results.isEmpty()) {
            CocoDataset truth = source.truth();
            boxes = CocoEvaluation.run(CocoEvaluation.Kind.BOXES, truth, results);
            List<CocoResult> alone = results.stream()
                    .map(result ->
                            new CocoResult(result.imageId(), result.categoryId(), result.score(), null, result.mask()))
                    .toList();
            masks = CocoEvaluation.run(CocoEvaluation.Kind.MASKS, truth, alone);
        }
    }

    private static double figure(@Nullable CocoMetrics metrics, int index) {
        return metrics == null ? 0 : Math.max(0, metrics.summary()[index]);
    }

    @Override
    public Map<String, Double> figures() {
        evaluate();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("box_ap", figure(boxes, 0));
        figures.put("box_ap50", figure(boxes, 1));
        figures.put("mask_ap", figure(masks, 0));
        figures.put("mask_ap50", figure(masks, 1));
        return figures;
    }

    /** Returns the sum of box AP and mask AP. */
    @Override
    public double score() {
        evaluate();
        return figure(boxes, 0) + figure(masks, 0);
    }

    @Override
    public List<ReportSection> sections() {
        evaluate();
        List<ReportSection> sections = new ArrayList<>();
        if (boxes == null) {
            sections.add(ReportSection.ofPictures(
                    "Average precision",
                    "0: nothing was detected in the validation images. The detector needs more training.",
                    List.of()));
        }
        if (boxes != null) {
            sections.add(classes(Objects.requireNonNull(boxes), Objects.requireNonNull(masks)));
            sections.add(ReportSection.ofCharts(
                    "Precision and recall",
                    "Precision at each recall, mean over classes.",
                    List.of(
                            DetectionReport.meanChart("Boxes", Objects.requireNonNull(boxes)),
                            DetectionReport.meanChart("Masks", Objects.requireNonNull(masks)))));
        }
        sections.add(ReportSection.ofPictures(
                "Detections in validation images",
                "All detections with a score of at least 0.5.",
                shown.entrySet().stream()
                        .map(entry -> DetectionPicture.of(
                                DetectionPicture.enlarged(source.read(entry.getKey()), entry.getValue())))
                        .toList()));
        return sections;
    }

    private ReportSection classes(CocoMetrics box, CocoMetrics mask) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "all",
                Percent.of(figure(box, 0)),
                Percent.of(figure(box, 1)),
                Percent.of(figure(mask, 0)),
                Percent.of(figure(mask, 1))));
        for (int i = 0; i < source.classNames().size(); i++) {
            rows.add(List.of(
                    source.classNames().get(i),
                    Percent.of(box.averagePrecision(i)),
                    Percent.of(DetectionReport.mean(box.curve(0, i))),
                    Percent.of(mask.averagePrecision(i)),
                    Percent.of(DetectionReport.mean(mask.curve(0, i)))));
        }
        return ReportSection.ofTable(
                "Average precision",
                "COCO's rules; boxes and masks, mean over IoU 0.5 to 0.95 and at 0.5.",
                List.of("class", "box AP", "box AP50", "mask AP", "mask AP50"),
                rows);
    }
}
