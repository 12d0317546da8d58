package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** Inputs of a training graph that follow from its own outputs: a detector trains its heads on boxes that it has proposed. */
public interface LaterInputs {
    /** Every input is fed at once. */
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

    /** {@return the outputs that the inputs follow from; empty if there are no such inputs} */
    List<String> reads();

    /**
     * {@return the inputs that were not fed at the beginning}
     *
     * @param computed the outputs of {@link #reads}, by name; they carry no gradient
     */
    Map<String, HostTensor> feeds(Map<String, HostTensor> computed);
}
