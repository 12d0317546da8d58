package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onnx.file.ElementTypes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@link Op.RoiAlign} over a pyramid: one RoiAlign per level, in which the boxes of other levels are empty, and the result of each box's own
 * level. In float32 for every precision: half precision cannot distinguish neighbouring pixels.
 */
final class RoiAlignNodes {
    private final NodeWriter nodes;
    private final Op.RoiAlign op;

    RoiAlignNodes(NodeWriter nodes, Op.RoiAlign op) {
        this.nodes = nodes;
        this.op = op;
    }

    Tensor build(List<Tensor> maps, Tensor given) {
        Tensor boxes = nodes.cast("boxes", given, DType.FLOAT32);
        Tensor samples = nodes.part(
                "samples",
                "Squeeze",
                Shape.of(boxes.shape().size(0)),
                List.of(columns("sample", boxes, 0, 1), nodes.integers("axes", 1)));
        Tensor sampleNumbers = nodes.part(
                "sample_numbers",
                "Cast",
                DType.INT64,
                samples.shape(),
                List.of(samples),
                attribute("to", ElementTypes.code(DType.INT64)));
        Tensor levels = columns("level", boxes, 1, 2);
        Tensor corners = columns("corners", boxes, 2, 6);
        int channels = maps.get(0).shape().size(-1);
        Shape planes = boxes.like(channels, op.height(), op.width());
        @Nullable Tensor chosen = null;
        for (int level = 0; level < maps.size(); level++) {
            Tensor isLevel = nodes.part(
                    "is_level_" + level,
                    "Equal",
                    DType.BOOL,
                    levels.shape(),
                    List.of(levels, nodes.scalar(level, DType.FLOAT32)));
            Tensor aligned = aligned(level, maps.get(level), own(level, corners, isLevel), sampleNumbers, planes);
            chosen = chosen == null ? aligned : choose(level, isLevel, aligned, chosen);
        }
        Shape result = boxes.like(op.height(), op.width(), channels);
        Tensor wide = Objects.requireNonNull(chosen);
        if (nodes.floating() == DType.FLOAT32) {
            return nodes.last("Transpose", result, List.of(wide), attribute("perm", List.of(0, 2, 3, 1)));
        }
        Tensor narrow = nodes.cast("narrow", wide, nodes.floating());
        return nodes.last("Transpose", result, List.of(narrow), attribute("perm", List.of(0, 2, 3, 1)));
    }

    private Tensor columns(String label, Tensor boxes, int start, int end) {
        return nodes.part(
                label,
                "Slice",
                boxes.shape().withSize(1, end - start),
                List.of(
                        boxes,
                        nodes.integers("starts", start),
                        nodes.integers("ends", end),
                        nodes.integers("axes", 1)));
    }

    /** The corners of the level's own boxes; those of others are 0. */
    private Tensor own(int level, Tensor corners, Tensor isLevel) {
        return nodes.part(
                "corners_" + level,
                "Where",
                DType.FLOAT32,
                corners.shape(),
                List.of(isLevel, corners, nodes.scalar(0, DType.FLOAT32)));
    }

    private Tensor aligned(int level, Tensor map, Tensor corners, Tensor samples, Shape planes) {
        Tensor wide = nodes.cast("map_" + level, map, DType.FLOAT32);
        Shape first = wide.like(
                wide.shape().size(3), wide.shape().size(1), wide.shape().size(2));
        Tensor channelsFirst = nodes.part(
                "planes_" + level, "Transpose", first, List.of(wide), attribute("perm", List.of(0, 3, 1, 2)));
        AttributeProto[] attributes = {
            attribute("mode", "avg"),
            attribute("output_height", op.height()),
            attribute("output_width", op.width()),
            attribute("sampling_ratio", op.samplingRatio()),
            attribute("spatial_scale", op.scales().get(level).floatValue()),
            attribute("coordinate_transformation_mode", op.aligned() ? "half_pixel" : "output_half_pixel")
        };
        return nodes.part("aligned_" + level, "RoiAlign", planes, List.of(channelsFirst, corners, samples), attributes);
    }

    private Tensor choose(int level, Tensor isLevel, Tensor aligned, Tensor other) {
        Tensor flag = nodes.part(
                "chooses_" + level, "Unsqueeze", isLevel.like(1, 1, 1), List.of(isLevel, nodes.integers("axes", 2, 3)));
        return nodes.part("chosen_" + level, "Where", DType.FLOAT32, aligned.shape(), List.of(flag, aligned, other));
    }
}
