package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * A share of a picture, resized with antialiasing: the share starts between pixels, which ONNX's Resize does not support with a filter. Each
 * axis is a product with a matrix of the filter's weights, computed from the picture's size in double precision.
 */
final class ShareResize {
    private final InputNodes nodes;
    private final PixelStage stage;
    private final boolean cubic;

    ShareResize(InputNodes nodes, PixelStage stage, boolean cubic) {
        this.nodes = nodes;
        this.stage = stage;
        this.cubic = cubic;
    }

    /**
     * Appends the nodes; samples are rounded to bytes after each axis, as in Pillow.
     *
     * @param frames uint8 {@code [pictures, H, W, 3]}
     * @param planes uint8 {@code [pictures, 3, H, W]}
     * @return float32 {@code [pictures, 3, height, width]}
     */
    String build(String frames, String planes) {
        String rows = nodes.node("rows", "Shape", List.of(frames), attribute("start", 1), attribute("end", 2));
        String columns = nodes.node("columns", "Shape", List.of(frames), attribute("start", 2), attribute("end", 3));
        String exactRows = nodes.cast("exact_rows", rows, DType.FLOAT64);
        String exactColumns = nodes.cast("exact_columns", columns, DType.FLOAT64);
        String scale = binary(
                "share_scale",
                "Mul",
                binary(
                        "fit_scale",
                        "Min",
                        binary("row_scale", "Div", exactRows, number(stage.height())),
                        binary("column_scale", "Div", exactColumns, number(stage.width()))),
                number(stage.share()));
        String across = matrix("x", columns, exactColumns, scale, stage.width());
        String down = matrix("y", rows, exactRows, scale, stage.height());
        String samples = nodes.cast("samples", planes, DType.FLOAT32);
        String columnsFirst = nodes.node("x_by_column", "Transpose", List.of(across), attribute("perm", List.of(1, 0)));
        String narrow = bytes("narrow", binary("narrowed", "MatMul", samples, columnsFirst));
        String resized = bytes("resized", binary("flattened", "MatMul", down, narrow));
        return nodes.node(
                "cropped", "Reshape", List.of(resized, nodes.integers("shape", 0, 3, stage.height(), stage.width())));
    }

    /** The weights {@code [outputs, size]} of one axis. */
    private String matrix(String axis, String size, String exact, String scale, int outputs) {
        String extent = binary(axis + "_extent", "Min", binary(axis + "_wanted", "Mul", scale, number(outputs)), exact);
        String start = binary(axis + "_start", "Mul", binary(axis + "_room", "Sub", exact, extent), number(0.5));
        String step = binary(axis + "_step", "Div", extent, number(outputs));
        String reach = binary(axis + "_reach", "Max", step, number(1));
        double[] middles = new double[outputs];
        for (int i = 0; i < outputs; i++) {
            middles[i] = i + 0.5;
        }
        String column = nodes.constant(axis + "_middles", HostTensor.of(Shape.of(outputs, 1), middles));
        String centres = binary(axis + "_centres", "Add", binary(axis + "_steps", "Mul", column, step), start);
        String count = nodes.node(axis + "_count", "Squeeze", List.of(size, nodes.integers("axes", 0)));
        String numbers = nodes.node(
                axis + "_numbers", "Range", List.of(nodes.scalar(0, DType.INT64), count, nodes.scalar(1, DType.INT64)));
        String taps =
                binary(axis + "_taps", "Add", nodes.cast(axis + "_exact_numbers", numbers, DType.FLOAT64), number(0.5));
        String away = nodes.node(axis + "_away", "Abs", List.of(binary(axis + "_difference", "Sub", taps, centres)));
        String weights = filter(axis, binary(axis + "_distance", "Div", away, reach));
        String sums = nodes.node(
                axis + "_sums", "ReduceSum", List.of(weights, nodes.integers("axes", 1)), attribute("keepdims", 1));
        return nodes.cast(axis + "_matrix", binary(axis + "_normalised", "Div", weights, sums), DType.FLOAT32);
    }

    /** A triangle of support 1, or the cubic convolution with a = -0.5 of support 2. */
    private String filter(String axis, String x) {
        if (!cubic) {
            return binary(axis + "_weights", "Max", binary(axis + "_slope", "Sub", number(1), x), number(0));
        }
        String near = polynomial(axis + "_near", x, 1.5, -2.5, 0, 1);
        String far = polynomial(axis + "_far", x, -0.5, 2.5, -4, 2);
        String isNear = binary(axis + "_is_near", "Less", x, number(1));
        String isInside = binary(axis + "_is_inside", "Less", x, number(2));
        String outer = nodes.node(axis + "_outer", "Where", List.of(isInside, far, number(0)));
        return nodes.node(axis + "_weights", "Where", List.of(isNear, near, outer));
    }

    private String polynomial(String label, String x, double... coefficients) {
        String sum = number(coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            sum = binary(
                    label + "_" + i, "Add", binary(label + "_product_" + i, "Mul", sum, x), number(coefficients[i]));
        }
        return sum;
    }

    private String bytes(String label, String samples) {
        String rounded = nodes.node(label + "_rounded", "Round", List.of(samples));
        return nodes.node(
                label, "Clip", List.of(rounded, nodes.scalar(0, DType.FLOAT32), nodes.scalar(255, DType.FLOAT32)));
    }

    private String number(double value) {
        return nodes.scalar(value, DType.FLOAT64);
    }

    private String binary(String label, String type, String left, String right) {
        return nodes.node(label, type, List.of(left, right));
    }
}
