package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Flat vectors as named tensors, each read on request. */
class FlatSource implements WeightSource {
    private record Entry(FlatVector vector, String parameter, FlatLayout.Slot slot) {}

    private final String description;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** @param vectors the vectors, by the prefix of their tensors' names */
    FlatSource(String description, FlatLayout layout, Map<String, FlatVector> vectors) {
        this.description = description;
        vectors.forEach((prefix, vector) ->
                layout.slots().forEach((name, slot) -> entries.put(prefix + name, new Entry(vector, name, slot))));
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public TensorInfo info(String name) {
        return new TensorInfo(DType.FLOAT32, entry(name).slot().shape());
    }

    @Override
    public HostTensor read(String name) {
        Entry entry = entry(name);
        return entry.vector().read(entry.parameter());
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new HieraException(description + ": there is no tensor '" + name + "'");
        }
        return entry;
    }
}
