package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Some of the tensors of a source, such as those of an encoder without its decoder. */
public final class SelectedWeights implements WeightSource {
    private final WeightSource source;
    private final Set<String> names;

    /**
     * @param source the source of the tensors, which is closed by its owner
     * @param wanted the names to keep; those that the source does not have are ignored
     */
    public SelectedWeights(WeightSource source, Set<String> wanted) {
        this.source = source;
        names = new LinkedHashSet<>(source.names());
        names.retainAll(wanted);
    }

    @Override
    public String description() {
        return source.description();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    @Override
    public TensorInfo info(String name) {
        return source.info(name);
    }

    @Override
    public HostTensor read(String name) {
        return source.read(name);
    }

    @Override
    public void readInto(String name, HostTensor target) {
        source.readInto(name, target);
    }
}
