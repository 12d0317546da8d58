package io.github.hiera4j.model.quantize;

import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.quantize.QuantizableLayers.Layer;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * SmoothQuant (Xiao et al., ICML 2023): channel j of a norm's output is divided by {@code max|x_j|^α / max|w_j|^(1-α)}, and column j
 * of the following matrices is multiplied by it. The division is folded into the norm's scale and shift, so it costs nothing.
 */
final class Smoothing {
    private static final double SMALLEST = 1e-5;

    private final WeightSource weights;
    private final double alpha;

    Smoothing(WeightSource weights, double alpha) {
        this.weights = weights;
        this.alpha = alpha;
    }

    /** Returns the divisors of the channels of every smoothable norm. */
    Map<Node, float[]> divisors(QuantizableLayers layers, Map<Node, float[]> channelMaxima) {
        Map<Node, float[]> divisors = new HashMap<>();
        layers.smoothable().forEach((norm, readers) -> {
            float[] activations = Objects.requireNonNull(channelMaxima.get(norm));
            float[] columns = columnMaxima(readers, activations.length);
            float[] divisor = new float[activations.length];
            double logarithms = 0;
            for (int channel = 0; channel < divisor.length; channel++) {
                double activation = Math.max(activations[channel], SMALLEST);
                double weight = Math.max(columns[channel], SMALLEST);
                divisor[channel] = (float) (Math.pow(activation, alpha) / Math.pow(weight, 1 - alpha));
                logarithms += Math.log(divisor[channel]);
            }
            double middle = Math.exp(logarithms / divisor.length); // only the differences between channels matter
            for (int channel = 0; channel < divisor.length; channel++) {
                divisor[channel] /= (float) middle;
            }
            divisors.put(norm, divisor);
        });
        return divisors;
    }

    private float[] columnMaxima(List<Layer> readers, int columns) {
        float[] largest = new float[columns];
        for (Layer layer : readers) {
            HostTensor weight = weights.read(layer.weight()).to(DType.FLOAT32);
            FloatBuffer values = weight.floats();
            for (int i = 0; i < values.limit(); i++) {
                largest[i % columns] = Math.max(largest[i % columns], Math.abs(values.get(i)));
            }
        }
        return largest;
    }

    /** Returns the factors of every tensor of the model. */
    static Map<String, QuantizedModel.Factors> factors(QuantizableLayers layers, Map<Node, float[]> divisors) {
        Map<String, QuantizedModel.Factors> factors = new HashMap<>();
        divisors.forEach((norm, divisor) -> {
            float[] inverse = new float[divisor.length];
            for (int channel = 0; channel < inverse.length; channel++) {
                inverse[channel] = 1 / divisor[channel];
            }
            factors.put(norm.inputs().get(1).name(), new QuantizedModel.Factors(inverse));
            factors.put(norm.inputs().get(2).name(), new QuantizedModel.Factors(inverse));
            layers.smoothable()
                    .getOrDefault(norm, List.of())
                    .forEach(layer -> factors.put(layer.weight(), new QuantizedModel.Factors(divisor)));
        });
        return factors;
    }
}
