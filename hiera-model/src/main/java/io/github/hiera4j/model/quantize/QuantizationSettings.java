package io.github.hiera4j.model.quantize;

import static io.github.hiera4j.model.Check.check;

/**
 * How a model is quantised.
 *
 * @param range how the range of an activation is chosen
 * @param smoothing how much of the difference between channels moves from activations into weights, 0 (none) to 1 (all): the exponent
 *     α of SmoothQuant (Xiao et al., ICML 2023, equation 4)
 * @param errorBudget the largest relative L2 error of the model's output on the samples; layers stay in floating point to meet it
 */
public record QuantizationSettings(Range range, double smoothing, double errorBudget) {
    /** The least mean squared error, smoothing with α = 0.5, an error of at most 0.1. */
    public static final QuantizationSettings DEFAULT = new QuantizationSettings(Range.MSE, 0.5, 0.1);

    private static final double PERCENTILE = 0.9999;

    /** How the range of an activation follows from its values on the samples. */
    public enum Range {
        /** The least mean squared error. */
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
     * Checks the ranges of all settings.
     *
     * @param errorBudget largest relative L2 error of the output
     * @param range how the range of activations is chosen
     * @param smoothing SmoothQuant exponent, 0 to 1
     */
    public QuantizationSettings {
        check(smoothing >= 0 && smoothing <= 1, "the smoothing must be 0 to 1, got %s", smoothing);
        check(
                errorBudget > 0 && errorBudget <= 1,
                "the error budget must be above 0 and at most 1, got %s",
                errorBudget);
    }
}
