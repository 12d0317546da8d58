package io.github.hiera4j.model.quantize;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.model.weights.QuantizedWeights;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's weights together with the scales that were chosen for its linear layers. Weights are returned in floating point, rescaled
 * if a norm absorbed a part of the activations' range: in float32 the outputs equal those of the original model.
 */
public final class QuantizedModel extends DerivedWeights {
    private final Map<String, LinearQuantization> layers;
    private final Map<String, Factors> rescaled;

    /**
     * The factors of a tensor: of the columns of a matrix, or of the elements of a vector.
     *
     * @param factors one per column or element
     */
    record Factors(float[] factors) {
        HostTensor applyTo(HostTensor tensor) {
            HostTensor result = HostTensor.allocate(DType.FLOAT32, tensor.shape());
            FloatBuffer target = result.floats();
            HostTensor source = tensor.to(DType.FLOAT32);
            FloatBuffer values = source.floats();
            for (int i = 0; i < tensor.elements(); i++) {
                target.put(i, values.get(i) * factors[i % factors.length]);
            }
            return result;
        }
    }

    /**
     * @param source the model
     * @param layers scales by the name of the layer's weight
     * @param rescaled factors by tensor name
     */
    QuantizedModel(WeightSource source, Map<String, LinearQuantization> layers, Map<String, Factors> rescaled) {
        super(source);
        this.layers = Map.copyOf(layers);
        this.rescaled = Map.copyOf(rescaled);
    }

    /** Returns this model without scales for some layers, which therefore stay in floating point. */
    QuantizedModel without(WeightSource source, Set<String> kept) {
        Map<String, LinearQuantization> others = new LinkedHashMap<>(layers);
        others.keySet().removeAll(kept);
        return new QuantizedModel(source, others, rescaled);
    }

    @Override
    public Optional<LinearQuantization> quantization(String weight) {
        return Optional.ofNullable(layers.get(weight));
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = super.info(name);
        return rescaled.containsKey(name) ? new TensorInfo(DType.FLOAT32, info.shape()) : info;
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = super.read(name);
        Factors factors = rescaled.get(name);
        return factors == null ? tensor : factors.applyTo(tensor);
    }

    @Override
    public void readInto(String name, HostTensor target) {
        if (rescaled.containsKey(name)) {
            read(name).copyTo(target);
        } else {
            readSourceInto(name, target);
        }
    }

    /**
     * Returns the tensors of a quantised file, as read by {@link QuantizedWeights}: integers and scales.
     *
     * @return the tensors to write into a file
     */
    public WeightSource stored() {
        return new Stored(this, layers);
    }

    private static final class Stored extends DerivedWeights {
        private final Map<String, LinearQuantization> layers;
        private final Map<String, HostTensor> scales = new LinkedHashMap<>();

        Stored(QuantizedModel model, Map<String, LinearQuantization> layers) {
            super(model);
            this.layers = layers;
            for (String weight : model.names()) {
                LinearQuantization layer = layers.get(weight);
                if (layer != null) {
                    String name = weight.substring(0, weight.length() - QuantizedWeights.WEIGHT.length());
                    HostTensor zero = HostTensor.allocate(DType.UINT8, Shape.of(1));
                    zero.bytes().put(0, (byte) layer.inputZeroPoint());
                    scales.put(
                            name + QuantizedWeights.WEIGHT_SCALE,
                            HostTensor.of(Shape.of(layer.channels()), layer.weightScales()));
                    scales.put(name + QuantizedWeights.INPUT_SCALE, HostTensor.of(Shape.of(1), layer.inputScale()));
                    scales.put(name + QuantizedWeights.INPUT_ZERO_POINT, zero);
                }
            }
        }

        @Override
        public Set<String> names() {
            Set<String> names = new LinkedHashSet<>(super.names());
            names.addAll(scales.keySet());
            return names;
        }

        @Override
        public TensorInfo info(String name) {
            HostTensor scale = scales.get(name);
            if (scale != null) {
                return new TensorInfo(scale.dtype(), scale.shape());
            }
            TensorInfo info = super.info(name);
            return layers.containsKey(name) ? new TensorInfo(DType.INT8, info.shape()) : info;
        }

        @Override
        public HostTensor read(String name) {
            HostTensor scale = scales.get(name);
            if (scale != null) {
                return scale;
            }
            LinearQuantization layer = layers.get(name);
            HostTensor tensor = super.read(name);
            return layer == null ? tensor : layer.quantize(tensor.to(DType.FLOAT32));
        }

        @Override
        public void readInto(String name, HostTensor target) {
            target.bytes().put(read(name).bytes());
        }
    }
}
