package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.LinearQuantization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The operands of a linear layer that is computed with 8-bit integers, in the form that runtimes call QDQ: activations pass through
 * QuantizeLinear and DequantizeLinear; weights are stored as integers and pass through DequantizeLinear. A runtime merges both with the product.
 */
final class IntegerNodes {
    private final NodeWriter nodes;
    private final Map<String, Tensor> inputs = new HashMap<>();

    IntegerNodes(NodeWriter nodes) {
        this.nodes = nodes;
    }

    /**
     * Returns the quantised and dequantised activations of a layer; layers with the same input and scale share the nodes.
     *
     * @param x float32
     * @param weight the weight of the layer
     */
    Tensor input(Tensor x, Tensor weight) {
        LinearQuantization form = form(weight);
        String key = x.name() + " " + form.inputScale() + " " + form.inputZeroPoint();
        Tensor known = inputs.get(key);
        if (known != null) {
            return known;
        }
        Tensor scale = new Tensor(
                layer(weight) + ".input_scale",
                DType.FLOAT32,
                Shape.of(),
                () -> HostTensor.of(Shape.of(), form.inputScale()));
        Tensor zero = new Tensor(
                layer(weight) + ".input_zero_point",
                DType.UINT8,
                Shape.of(),
                () -> HostTensor.of(Shape.of(), (float) form.inputZeroPoint()));
        Tensor quantized =
                nodes.part("input_quantized", "QuantizeLinear", DType.UINT8, x.shape(), List.of(x, scale, zero));
        Tensor rounded = nodes.part(
                "input_rounded", "DequantizeLinear", DType.FLOAT32, x.shape(), List.of(quantized, scale, zero));
        inputs.put(key, rounded);
        return rounded;
    }

    /** The weight {@code [O, I]} as stored. */
    Tensor weight(Tensor weight) {
        return dequantized(weight, weight.name(), weight.shape(), stored(weight), 0);
    }

    /** The weight as {@code [I, O]}. */
    Tensor transposed(Tensor weight) {
        Supplier<HostTensor> stored = stored(weight);
        Shape shape = Shape.of(weight.shape().size(1), weight.shape().size(0));
        return dequantized(weight, weight.name() + ".transposed", shape, () -> Transposition.of(stored.get()), 1);
    }

    private static Supplier<HostTensor> stored(Tensor weight) {
        LinearQuantization form = form(weight);
        Supplier<HostTensor> value = Objects.requireNonNull(weight.constant(), weight.name());
        return () -> form.quantize(value.get().to(DType.FLOAT32));
    }

    /** Integers times the scale of their output channel, along the given axis. */
    private Tensor dequantized(Tensor weight, String name, Shape shape, Supplier<HostTensor> integers, int axis) {
        LinearQuantization form = form(weight);
        Shape channels = Shape.of(form.channels());
        Tensor scales = new Tensor(
                weight.name() + "_scale", DType.FLOAT32, channels, () -> HostTensor.of(channels, form.weightScales()));
        Tensor zeros = new Tensor(
                "zero_points_" + form.channels(),
                DType.INT8,
                channels,
                () -> HostTensor.allocate(DType.INT8, channels));
        return nodes.part(
                "weight",
                "DequantizeLinear",
                DType.FLOAT32,
                shape,
                List.of(new Tensor(name, DType.INT8, shape, integers), scales, zeros),
                attribute("axis", axis));
    }

    private static String layer(Tensor weight) {
        return weight.name().replaceFirst("\\.weight$", "");
    }

    private static LinearQuantization form(Tensor weight) {
        return Objects.requireNonNull(weight.quantization(), weight.name());
    }
}
