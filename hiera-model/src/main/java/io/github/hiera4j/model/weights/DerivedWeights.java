package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Optional;
import java.util.Set;

/** Base class of sources that modify another source's tensors; passes on everything that a subclass does not change. */
public abstract class DerivedWeights implements WeightSource {
    private final WeightSource source;

    /**
     * Creates a source that reads from another source, which is closed with this one.
     *
     * @param source the source of the tensors
     */
    public DerivedWeights(WeightSource source) {
        this.source = source;
    }

    @Override
    public String description() {
        return source.description();
    }

    @Override
    public Set<String> names() {
        return source.names();
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
    public Optional<LinearQuantization> quantization(String weight) {
        return source.quantization(weight);
    }

    /**
     * Reads one of the source's own tensors, for subclasses that change names or validate, but do not convert.
     *
     * @param name the name
     * @param target a tensor of the same element type and number of elements
     */
    protected final void readSourceInto(String name, HostTensor target) {
        source.readInto(name, target);
    }

    @Override
    public void close() {
        source.close();
    }
}
