package io.github.hiera4j.model.weights.keys;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.model.weights.Lookup;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Another source's tensors under other names; tensors whose names are not in the map are left out. */
public final class RenamedWeights extends DerivedWeights {
    private final Map<String, String> sourceNames;

    /** @param sourceNames the source's name for each name of this source */
    RenamedWeights(WeightSource source, Map<String, String> sourceNames) {
        super(source);
        this.sourceNames = sourceNames;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(sourceNames.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return super.info(Lookup.tensor(sourceNames, name, description()));
    }

    @Override
    public HostTensor read(String name) {
        return super.read(Lookup.tensor(sourceNames, name, description()));
    }

    @Override
    public Optional<LinearQuantization> quantization(String weight) {
        String sourceName = sourceNames.get(weight);
        return sourceName == null ? Optional.empty() : super.quantization(sourceName);
    }

    @Override
    public void readInto(String name, HostTensor target) {
        readSourceInto(Lookup.tensor(sourceNames, name, description()), target);
    }
}
