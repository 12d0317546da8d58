package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkIntact;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensors of a quantised file. In addition to the int8 weight {@code L.weight} of a linear layer L it has {@code L.weight_scale}
 * (float32, one per output channel), {@code L.input_scale} (float32, one element) and {@code L.input_zero_point} (uint8, one element).
 *
 * <p>Every weight is returned in float32, so that any engine can read the model; an engine that computes in int8 uses
 * {@link #quantization}. All scales are validated on construction.
 */
public final class QuantizedWeights extends DerivedWeights {
    /** Suffix of the name of a linear layer's weight. */
    public static final String WEIGHT = ".weight";
    /** Suffix of the name of a weight's scales: float32, one per output channel. */
    public static final String WEIGHT_SCALE = ".weight_scale";
    /** Suffix of the name of the activations' scale: one float32. */
    public static final String INPUT_SCALE = ".input_scale";
    /** Suffix of the name of the activations' zero point: one integer from 0 to 255. */
    public static final String INPUT_ZERO_POINT = ".input_zero_point";

    private final Map<String, LinearQuantization> layers = new LinkedHashMap<>();
    private final Set<String> names;

    private QuantizedWeights(WeightSource source) {
        super(source);
        Set<String> visible = new LinkedHashSet<>(source.names());
        for (String name : source.names()) {
            boolean isScale = name.endsWith(WEIGHT_SCALE);
            if (isScale || name.endsWith(INPUT_SCALE) || name.endsWith(INPUT_ZERO_POINT)) {
                String layer = name.substring(0, name.lastIndexOf('.'));
                checkIntact(
                        source.contains(layer + WEIGHT) && source.contains(layer + WEIGHT_SCALE),
                        "%s: '%s' has no matching quantised weight '%s'",
                        description(),
                        Printable.of(name),
                        Printable.of(layer + WEIGHT));
                visible.remove(name);
                if (isScale) {
                    layers.put(layer + WEIGHT, read(source, layer));
                }
            }
        }
        names = Collections.unmodifiableSet(visible);
    }

    /**
     * Returns the source itself if nothing in it is quantised, otherwise its tensors in float32.
     *
     * @param source the tensors of a file
     * @return a source of float32 weights that also has the scales
     */
    public static WeightSource of(WeightSource source) {
        boolean quantized = source.names().stream()
                .anyMatch(name ->
                        name.endsWith(WEIGHT_SCALE) || name.endsWith(INPUT_SCALE) || name.endsWith(INPUT_ZERO_POINT));
        return quantized ? new QuantizedWeights(source) : source;
    }

    private LinearQuantization read(WeightSource source, String layer) {
        TensorInfo weight = source.info(layer + WEIGHT);
        checkIntact(
                weight.dtype() == DType.INT8 && weight.shape().rank() == 2,
                "%s: '%s' has scales, so it must be int8 [outputs, inputs], got %s",
                description(),
                Printable.of(layer + WEIGHT),
                weight);
        HostTensor scales =
                part(layer + WEIGHT_SCALE, DType.FLOAT32, weight.shape().size(0));
        HostTensor input = part(layer + INPUT_SCALE, DType.FLOAT32, 1);
        HostTensor zero = part(layer + INPUT_ZERO_POINT, DType.UINT8, 1);
        try {
            return new LinearQuantization((float) input.get(0), (int) zero.get(0), scales.toFloats());
        } catch (HieraException fault) {
            throw new DamagedFileException(
                    description() + ": layer '" + Printable.of(layer) + "': " + fault.getMessage(), fault);
        }
    }

    private HostTensor part(String name, DType dtype, int length) {
        checkIntact(super.names().contains(name), "%s: the tensor '%s' is missing", description(), Printable.of(name));
        TensorInfo info = super.info(name);
        checkIntact(
                info.dtype() == dtype && info.shape().equals(Shape.of(length)),
                "%s: '%s' must be %s [%d], got %s",
                description(),
                Printable.of(name),
                dtype,
                length,
                info);
        return super.read(name);
    }

    @Override
    public Optional<LinearQuantization> quantization(String weight) {
        return Optional.ofNullable(layers.get(weight));
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = super.info(name);
        return layers.containsKey(name) ? new TensorInfo(DType.FLOAT32, info.shape()) : info;
    }

    @Override
    public HostTensor read(String name) {
        LinearQuantization layer = layers.get(name);
        HostTensor stored = super.read(name);
        if (layer == null) {
            return stored;
        }
        checkRange(name, stored);
        return layer.dequantize(stored);
    }

    @Override
    public void readInto(String name, HostTensor target) {
        if (layers.containsKey(name)) {
            read(name).copyTo(target);
        } else {
            readSourceInto(name, target);
        }
    }

    private void checkRange(String name, HostTensor stored) {
        ByteBuffer bytes = stored.bytes();
        for (int i = 0; i < bytes.limit(); i++) {
            check(
                    Math.abs(bytes.get(i)) <= LinearQuantization.WEIGHT_LIMIT,
                    "%s: '%s' contains %d at element %d: quantised weights must be -%d to %d, so that products do not overflow on"
                            + " processors without VNNI",
                    description(),
                    Printable.of(name),
                    bytes.get(i),
                    i,
                    LinearQuantization.WEIGHT_LIMIT,
                    LinearQuantization.WEIGHT_LIMIT);
        }
    }
}
