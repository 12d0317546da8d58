package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.sam.DecodedMasks;
import io.github.hiera4j.model.sam.ImageFeatures;
import io.github.hiera4j.model.sam.MaskChoice;
import io.github.hiera4j.model.sam.MaskUpsampling;
import io.github.hiera4j.model.sam.PointLabel;
import io.github.hiera4j.model.sam.PromptBatch;
import io.github.hiera4j.model.sam.PromptPoint;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.Sam2Prompt;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs the prompts of a {@link Sam2Case} as its file specifies; later prompts may use a mask of an earlier one. */
final class Sam2PromptRuns {
    /** The suffix of the name of a count of mask pixels. */
    static final String AREA = ".area";

    private final Sam2Config config;
    private final Sam2Model model;
    private final ImageFeatures image;
    private final int height;
    private final int width;
    private final Map<String, HostTensor> lowResolution = new HashMap<>();

    Sam2PromptRuns(Sam2Config config, Sam2Model model, ImageFeatures image, List<Integer> originalSize) {
        check(originalSize.size() == 2, "expected an original_size of 2 numbers, got %s", originalSize);
        this.config = config;
        this.model = model;
        this.image = image;
        this.height = originalSize.get(0);
        this.width = originalSize.get(1);
    }

    /** Adds the expected figures of a prompt under its name. */
    static void expect(JsonNode prompt, Map<String, TensorSummary> expected) {
        String name = prompt.path("name").asString() + ".";
        if (prompt.path("sparse").path("shape").path(1).asInt() > 0) {
            expected.put(name + "sparse", TensorSummary.read(prompt.path("sparse")));
        }
        expected.put(name + "low_res", TensorSummary.read(prompt.path("low_res")));
        expected.put(name + "upscaled", TensorSummary.read(prompt.path("upscaled")));
        for (String rows : List.of("iou", "object_score", "area")) {
            expected.put(name + rows, TensorSummary.ofRows(prompt.path(rows)));
        }
    }

    void run(JsonNode prompts, Map<String, HostTensor> results) {
        for (JsonNode prompt : prompts) {
            runOne(prompt, results);
        }
    }

    private void runOne(JsonNode json, Map<String, HostTensor> results) {
        String name = json.path("name").asString() + ".";
        List<Sam2Prompt> objects = new ArrayList<>();
        for (JsonNode object : json.path("objects")) {
            objects.add(new Sam2Prompt(points(object), mask(json.path("mask_input"))));
        }
        PromptBatch batch = new PromptBatch(config, objects);
        DecodedMasks decoded = model.decode(image, batch);
        results.put(name + "object_score", decoded.objectScore());
        int tokens = json.path("sparse").path("shape").path(1).asInt();
        if (tokens > 0) {
            results.put(name + "sparse", withoutPadding(model.encodePoints(image, batch), tokens));
        }
        collect(json, name, decoded, results);
    }

    /** Adds the chosen masks, their scores, and the masks at the original size. */
    private void collect(JsonNode json, String name, DecodedMasks decoded, Map<String, HostTensor> results) {
        MaskUpsampling upsampling = new MaskUpsampling(config.maskSize(), height, width);
        List<float[]> masks = new ArrayList<>();
        List<float[]> upscaled = new ArrayList<>();
        List<Float> scores = new ArrayList<>();
        List<Float> areas = new ArrayList<>();
        for (int object = 0; object < decoded.objects(); object++) {
            for (int mask : decoded.chosen(object, json.path("multimask").asBoolean(), choice(json))) {
                HostTensor logits = decoded.mask(object, mask).to(DType.FLOAT32);
                float[] large = new float[height * width];
                upsampling.rows(logits.floats(), (y, row) -> System.arraycopy(row, 0, large, y * width, width));
                masks.add(logits.toFloats());
                upscaled.add(large);
                scores.add(decoded.qualityOf(object)[mask]);
                areas.add(area(large));
            }
        }
        HostTensor low = joined(masks, config.maskSize() * config.maskSize());
        lowResolution.put(name, low);
        results.put(name + "low_res", low);
        results.put(name + "upscaled", joined(upscaled, height * width));
        results.put(name + "iou", vector(scores));
        results.put(name + "area", vector(areas));
    }

    private MaskChoice choice(JsonNode json) {
        MaskChoice usual = config.maskChoice();
        double threshold = json.has("thresh") ? json.path("thresh").asDouble() : usual.threshold();
        return new MaskChoice(json.path("dynamic").asBoolean(), usual.delta(), threshold);
    }

    private List<PromptPoint> points(JsonNode object) {
        List<PromptPoint> points = new ArrayList<>();
        JsonNode box = object.path("box");
        if (box.size() == 4) {
            points.add(point(box.path(0), box.path(1), PointLabel.BOX_TOP_LEFT));
            points.add(point(box.path(2), box.path(3), PointLabel.BOX_BOTTOM_RIGHT));
        }
        for (int i = 0; i < object.path("points").size(); i++) {
            JsonNode place = object.path("points").path(i);
            boolean inside = object.path("labels").path(i).asInt() == 1;
            points.add(point(place.path(0), place.path(1), inside ? PointLabel.FOREGROUND : PointLabel.BACKGROUND));
        }
        return points;
    }

    private PromptPoint point(JsonNode x, JsonNode y, PointLabel label) {
        int size = config.imageSize();
        return new PromptPoint(x.asDouble() / width * size, y.asDouble() / height * size, label);
    }

    private float @Nullable [] mask(JsonNode json) {
        if (!json.has("from")) {
            return null;
        }
        HostTensor earlier = Objects.requireNonNull(
                lowResolution.get(json.path("from").asString() + "."), "a mask prompt must name an earlier prompt");
        return earlier.slice(json.path("mask").asInt()).toFloats();
    }

    private static HostTensor withoutPadding(HostTensor sparse, int tokens) {
        int objects = sparse.shape().size(0);
        int dim = sparse.shape().size(2);
        double[] kept = new double[objects * tokens * dim];
        for (int object = 0; object < objects; object++) {
            System.arraycopy(sparse.slice(object).toDoubles(), 0, kept, object * tokens * dim, tokens * dim);
        }
        return HostTensor.of(Shape.of(objects, tokens, dim), kept);
    }

    private static float area(float[] logits) {
        int count = 0;
        for (float logit : logits) {
            count += logit > 0 ? 1 : 0;
        }
        return count;
    }

    private static HostTensor joined(List<float[]> parts, int length) {
        HostTensor all = HostTensor.allocate(DType.FLOAT32, Shape.of(parts.size(), length));
        for (int part = 0; part < parts.size(); part++) {
            all.slice(part).floats().put(parts.get(part));
        }
        return all;
    }

    private static HostTensor vector(List<Float> values) {
        HostTensor vector = HostTensor.allocate(DType.FLOAT32, Shape.of(values.size()));
        for (int i = 0; i < values.size(); i++) {
            vector.floats().put(i, values.get(i));
        }
        return vector;
    }
}
