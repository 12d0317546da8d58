package io.github.hiera4j.detect.checkpoint;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** A file's tensors under the network's names, or a network's tensors under a file's. */
final class DetectorWeights extends DerivedWeights {
    private final Map<String, String> sourceNames;
    private final DetectorKeys keys;
    private final boolean reading;

    /**
     * Creates a view of weights under other names.
     *
     * @param sourceNames the names in {@code source} by the new names
     * @param reading true to convert from a file's names to the network's, false for the opposite direction
     */
    DetectorWeights(WeightSource source, Map<String, String> sourceNames, DetectorKeys keys, boolean reading) {
        super(source);
        this.sourceNames = sourceNames;
        this.keys = keys;
        this.reading = reading;
    }

    private String sourceName(String name) {
        String found = sourceNames.get(name);
        if (found == null) {
            throw new HieraException(description() + ": has no tensor '" + Printable.of(name) + "'");
        }
        return found;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(sourceNames.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        String source = sourceName(name);
        TensorInfo info = super.info(source);
        if (keys == DetectorKeys.DETECTRON2) {
            return info;
        }
        return new TensorInfo(
                info.dtype(),
                reading
                        ? ClassRows.fromTorchvision(name, info.shape())
                        : ClassRows.toTorchvision(source, info.shape()));
    }

    @Override
    public HostTensor read(String name) {
        String source = sourceName(name);
        HostTensor tensor = super.read(source);
        if (keys == DetectorKeys.DETECTRON2) {
            return tensor;
        }
        return reading ? ClassRows.fromTorchvision(name, tensor) : ClassRows.toTorchvision(source, tensor);
    }
}
