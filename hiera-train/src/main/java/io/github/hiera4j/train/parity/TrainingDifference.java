package io.github.hiera4j.train.parity;

/**
 * How far one figure of training is from its golden.
 *
 * @param name what was compared: {@code loss of step 3}, {@code gradient of norm.weight}
 * @param error largest error, in the measure of {@code allowed}
 * @param allowed largest error that counts as equal
 */
public record TrainingDifference(String name, double error, double allowed) {
    /**
     * Not met by a NaN.
     *
     * @return whether the tolerance is met
     */
    public boolean ok() {
        return error <= allowed;
    }
}
