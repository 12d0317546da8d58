package io.github.hiera4j.model.quantize;

import static io.github.hiera4j.model.Check.check;

/**
 * Settings for quantising a model.
 *
 * @param range how the range of an activation is chosen
 * @param smoothing how much of the difference between channels is moved from activations to weights, 0 (none) to 1 (all): the exponent
 * α of SmoothQuant (Xiao et al., ICML 2023, equation 4)
 * @param errorBudget the largest relative L2 error of the model's output on the samples; layers stay in floating point to meet it
 */
public record QuantizationSettings(Range range, double smoothing, double errorBudget) {
    /** The smallest mean squared error, smoothing with α = 0.5, and an error of at most 0.1. */
    public static final QuantizationSettings DEFAULT = new QuantizationSettings(Range.MSE, 0.5, 0.1);

    private static final double PERCENTILE = 0.9999;

    /** How the range of an activation is derived from its values on the samples. */
    public enum Range {
        /** The smallest mean squared error. */
        MSE {
            @Override
            ActivationRange.Choice choose(ActivationRange values) {
                return values.leastSquares();
            }
        },
        /** 99.99 percent of the values. */
        PERCENTILE {
            @Override
            ActivationRange.Choice choose(ActivationRange values) {
                return values.percentile(QuantizationSettings.PERCENTILE);
            }
        },
        /** All values. */
        WHOLE {
            @Override
            ActivationRange.Choice choose(ActivationRange values) {
                return values.whole();
            }
        };

        abstract ActivationRange.Choice choose(ActivationRange values);
    }

    /**
     * Checks the settings.
     *
     * @param errorBudget largest relative L2 error of the output
     * @param range how the range of activations is chosen
     * @param smoothing SmoothQuant exponent, 0 to 1
     */
    public QuantizationSettings {
        check(smoothing >= 0 && smoothing <= 1, "the smoothing must be 0 to 1, got %s", smoothing);
        check(
                errorBudget > 0 && errorBudget <= 1,
                "the error budget must be greater than 0 and at most 1, got %s",
                errorBudget);
    }
}
