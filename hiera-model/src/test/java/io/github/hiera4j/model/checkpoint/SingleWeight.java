package io.github.hiera4j.model.checkpoint;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Set;

/** A source of one tensor in memory. */
public record SingleWeight(String name, HostTensor tensor) implements WeightSource {
    @Override
    public String description() {
        return "memory";
    }

    @Override
    public Set<String> names() {
        return Set.of(name);
    }

    @Override
    public TensorInfo info(String requested) {
        return new TensorInfo(tensor.dtype(), tensor.shape());
    }

    @Override
    public HostTensor read(String requested) {
        return tensor;
    }
}
