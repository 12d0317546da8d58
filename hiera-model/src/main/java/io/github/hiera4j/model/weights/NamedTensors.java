package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A source of tensors that are already in memory, for writing tensors that do not come from a file. */
public final class NamedTensors implements WeightSource {
    private final String description;
    private final Map<String, HostTensor> tensors;

    /**
     * Creates a source of tensors in memory.
     *
     * @param description their origin, for messages
     * @param tensors the tensors by name, in the order in which they are written
     */
    public NamedTensors(String description, Map<String, HostTensor> tensors) {
        this.description = description;
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public TensorInfo info(String name) {
        HostTensor tensor = read(name);
        return new TensorInfo(tensor.dtype(), tensor.shape());
    }

    @Override
    public HostTensor read(String name) {
        return Lookup.tensor(tensors, name, description);
    }
}
