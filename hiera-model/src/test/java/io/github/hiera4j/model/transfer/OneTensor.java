package io.github.hiera4j.model.transfer;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Set;

/** A source of one tensor. */
record OneTensor(String name, HostTensor tensor) implements WeightSource {
    @Override
    public String description() {
        return "one tensor";
    }

    @Override
    public Set<String> names() {
        return Set.of(name);
    }

    @Override
    public TensorInfo info(String wanted) {
        return new TensorInfo(tensor.dtype(), tensor.shape());
    }

    @Override
    public HostTensor read(String wanted) {
        return tensor;
    }
}
