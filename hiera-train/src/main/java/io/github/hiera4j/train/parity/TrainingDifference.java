package io.github.hiera4j.train.parity;

/**
 * The difference of one training figure from its golden.
 *
 * @param name the compared figure: {@code loss of step 3}, {@code gradient of norm.weight}
 * @param error largest error, in the unit of {@code allowed}
 * @param allowed largest error that counts as equal
 */
public record TrainingDifference(String name, double error, double allowed) {
    /**
     * Returns whether the tolerance is met; NaN never meets it.
     *
     * @return whether the tolerance is met
     */
    public boolean ok() {
        return error <= allowed;
    }
}
