package io.github.hiera4j.torch.train;

import java.util.List;

/**
 * Parameters with common optimiser settings.
 *
 * @param parameters official names
 * @param learningRateScale factor on the schedule's learning rate (layer decay)
 * @param weightDecay decoupled decay of these parameters
 */
public record ParameterGroup(List<String> parameters, double learningRateScale, double weightDecay) {
    /**
     * Copies the collections.
     *
     * @param parameters official names
     * @param learningRateScale factor on the schedule's learning rate (layer decay)
     * @param weightDecay decoupled decay of these parameters
     */
    public ParameterGroup {
        parameters = List.copyOf(parameters);
    }
}
