package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** Another source's tensors under other names; a name that is not in the map is not served. */
final class RenamedWeights implements WeightSource {
    private final WeightSource source;
    private final Map<String, String> sourceNames;

    /** @param sourceNames the source's name of every name served here */
    RenamedWeights(WeightSource source, Map<String, String> sourceNames) {
        this.source = source;
        this.sourceNames = sourceNames;
    }

    @Override
    public String description() {
        return source.description();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(sourceNames.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return source.info(Lookup.tensor(sourceNames, name, description()));
    }

    @Override
    public HostTensor read(String name) {
        return source.read(Lookup.tensor(sourceNames, name, description()));
    }

    @Override
    public void close() {
        source.close();
    }
}
