package io.github.hiera4j.detect.parity;

import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Map;
import java.util.Set;

/** Weights that combine given tensors, in any precision, with synthetic ones for all other parameters. */
final class GivenWeights implements WeightSource {
    private final Map<String, HostTensor> given;
    private final FormulaWeights others;

    GivenWeights(Map<String, HostTensor> given, Map<String, Shape> parameters) {
        this.given = given;
        this.others = new FormulaWeights(parameters);
    }

    @Override
    public String description() {
        return others.description();
    }

    @Override
    public Set<String> names() {
        return others.names();
    }

    @Override
    public TensorInfo info(String name) {
        HostTensor tensor = given.get(name);
        return tensor == null ? others.info(name) : new TensorInfo(tensor.dtype(), tensor.shape());
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = given.get(name);
        return tensor == null ? others.read(name) : tensor;
    }
}
