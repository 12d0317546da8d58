package io.github.hiera4j.torch.train;

import static io.github.hiera4j.model.Check.check;

/** Settings of an optimiser. */
public sealed interface OptimizerSettings {

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019).
     *
     * @param beta1 decay of the gradient's running mean, in [0, 1)
     * @param beta2 decay of the squared gradient's running mean, in [0, 1)
     * @param epsilon added to the square root of the latter
     */
    record AdamW(double beta1, double beta2, double epsilon) implements OptimizerSettings {
        /**
         * Checks the values.
         *
         * @param beta1 decay of the gradient's running mean, in [0, 1)
         * @param beta2 decay of the squared gradient's running mean, in [0, 1)
         * @param epsilon added to the square root of the latter
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public AdamW {
            check(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "betas must be in [0, 1): %s, %s", beta1, beta2);
            check(epsilon > 0, "epsilon must be above 0, got %s", epsilon);
        }
    }

    /**
     * Stochastic gradient descent with momentum; its weight decay is added to the gradient.
     *
     * @param momentum share of the last step that is kept, in [0, 1)
     * @param nesterov whether the step looks ahead along the momentum
     */
    record Sgd(double momentum, boolean nesterov) implements OptimizerSettings {
        /**
         * Checks the values.
         *
         * @param momentum share of the last step that is kept, in [0, 1)
         * @param nesterov whether the step looks ahead along the momentum
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public Sgd {
            check(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), got %s", momentum);
        }
    }
}
