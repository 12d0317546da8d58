package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.sam.PointLabel;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2PromptGraph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Prompts of a mask decoder in user terms: {@code point_coords}, float32 {@code [B, points, 2]}, x and y in pixels of the
 * model's square input; {@code point_labels}, int64 {@code [B, points]}: 0 background, 1 on the object, 2 and 3 the corners of a box, -1
 * a placeholder that ends points without a box, -2 unused. With earlier masks also {@code mask_input}, float32
 * {@code [B, S / 4, S / 4]}.
 *
 * @param config the model
 * @param form the number of points, and whether there are earlier masks
 */
public record PromptStage(Sam2Config config, Sam2PromptGraph.Form form) implements InputStage {
    /** The input with the points' coordinates. */
    public static final String COORDINATES = "point_coords";
    /** The input with the points' labels. */
    public static final String LABELS = "point_labels";
    /** The input with the logits of an earlier mask. */
    public static final String MASK = "mask_input";

    /** The label of a point that does not exist. */
    public static final int UNUSED = -2;

    private static final double FAR_BELOW = -1e9;

    @Override
    public Set<String> provides() {
        Set<String> names = new HashSet<>(Set.of(form.points(), form.labels(), form.unread()));
        if (form.hasMask()) {
            names.add(form.mask());
        }
        return names;
    }

    @Override
    public List<String> inputNames(Graph network) {
        return form.hasMask() ? List.of(COORDINATES, LABELS, MASK) : List.of(COORDINATES, LABELS);
    }

    @Override
    public Map<String, Tensor> build(InputNodes nodes, Map<String, Shape> inputs) {
        Shape pointShape = shape(inputs, form.points());
        Shape unreadShape = shape(inputs, form.unread());
        int own = unreadShape.size(3) - form.capacity();
        check(own > 0, "expected at least one of the decoder's own tokens, got shape %s", unreadShape);
        nodes.scope("prompt");
        List<String> axes = ValueInfos.axes(pointShape);
        String coordinates = nodes.input(COORDINATES, DType.FLOAT32, axes);
        String labels = nodes.input(LABELS, DType.INT64, axes.subList(0, 2));
        Map<String, Tensor> made = new HashMap<>();
        made.put(form.points(), new Tensor(places(nodes, coordinates), DType.FLOAT32, pointShape));
        made.put(form.labels(), new Tensor(oneHot(nodes, labels), DType.FLOAT32, shape(inputs, form.labels())));
        made.put(form.unread(), new Tensor(unread(nodes, labels, own), DType.FLOAT32, unreadShape));
        if (form.hasMask()) {
            Shape maskShape = shape(inputs, form.mask());
            String mask = nodes.input(MASK, DType.FLOAT32, ValueInfos.axes(maskShape));
            made.put(form.mask(), new Tensor(mask, DType.FLOAT32, maskShape));
        }
        return made;
    }

    private static Shape shape(Map<String, Shape> inputs, String name) {
        return Objects.requireNonNull(inputs.get(name), name);
    }

    /** The centres of pixels, from -1 to 1 over the image: {@code 2 (x + 0.5) / S - 1}. */
    private String places(InputNodes nodes, String coordinates) {
        double size = config.imageSize();
        String scaled = nodes.node("scaled", "Mul", List.of(coordinates, nodes.scalar(2 / size, DType.FLOAT32)));
        return nodes.node("places", "Add", List.of(scaled, nodes.scalar(1 / size - 1, DType.FLOAT32)));
    }

    /** {@code [B, points, labels]}: the first column is label -1. */
    private static String oneHot(InputNodes nodes, String labels) {
        long[] numbers = new long[PointLabel.values().length];
        for (int column = 0; column < numbers.length; column++) {
            numbers[column] = column - 1L;
        }
        String column = nodes.node("label_column", "Unsqueeze", List.of(labels, nodes.integers("axes", -1)));
        String equal = nodes.node("is_label", "Equal", List.of(column, nodes.integers("labels", numbers)));
        return nodes.cast("labels", equal, DType.FLOAT32);
    }

    /** {@code [B, 1, 1, points + own]}: far below 0 for unused points; the decoder's own tokens follow. */
    private static String unread(InputNodes nodes, String labels, int own) {
        String unused = nodes.node("is_unused", "Equal", List.of(labels, nodes.integers("number", UNUSED)));
        String flags = nodes.cast("unused", unused, DType.FLOAT32);
        String scores = nodes.node("scores", "Mul", List.of(flags, nodes.scalar(FAR_BELOW, DType.FLOAT32)));
        String wide = nodes.node("wide", "Unsqueeze", List.of(scores, nodes.integers("axes", 1, 2)));
        return nodes.node("unread", "Pad", List.of(wide, nodes.integers("pads", 0, 0, 0, 0, 0, 0, 0, own)));
    }
}
