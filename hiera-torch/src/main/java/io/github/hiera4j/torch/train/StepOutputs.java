package io.github.hiera4j.torch.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Map;
import java.util.Objects;

/**
 * The outputs of one pass.
 *
 * @param tensors the graph's outputs in host memory, by name
 */
public record StepOutputs(Map<String, HostTensor> tensors) {
    /**
     * Copies the collections.
     *
     * @param tensors the graph's outputs in host memory, by name
     */
    public StepOutputs {
        tensors = Map.copyOf(tensors);
    }

    /**
     * Returns the unscaled loss; NaN or infinite if training has diverged.
     *
     * @return the loss
     */
    public double loss() {
        return tensor("loss").get(0);
    }

    /**
     * {@return an output of the graph}
     *
     * @param name the name
     */
    public HostTensor tensor(String name) {
        HostTensor tensor = tensors.get(name);
        check(tensor != null, "the graph has no output '%s', it has %s", name, tensors.keySet());
        return Objects.requireNonNull(tensor);
    }
}
