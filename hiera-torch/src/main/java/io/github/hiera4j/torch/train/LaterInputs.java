package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** Inputs of a training graph that are computed from its own outputs: a detector trains its heads on boxes that it has proposed. */
public interface LaterInputs {
    /** No later inputs: every input is fed at the beginning. */
    LaterInputs NONE = new LaterInputs() {
        @Override
        public List<String> reads() {
            return List.of();
        }

        @Override
        public Map<String, HostTensor> feeds(Map<String, HostTensor> computed) {
            return Map.of();
        }
    };

    /** {@return the outputs from which the inputs are computed; empty if there are no such inputs} */
    List<String> reads();

    /**
     * {@return the inputs that were not fed at the beginning}
     *
     * @param computed the outputs of {@link #reads}, by name; they carry no gradient
     */
    Map<String, HostTensor> feeds(Map<String, HostTensor> computed);
}
