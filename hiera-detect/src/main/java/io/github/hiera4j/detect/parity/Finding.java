package io.github.hiera4j.detect.parity;

/**
 * One compared figure.
 *
 * @param name the operation and the compared part
 * @param error largest absolute or relative error, depending on the operation; 0 for figures that must be equal
 * @param allowed the largest error that passes
 */
public record Finding(String name, double error, double allowed) {
    /** {@return whether the error is within the limit; NaN is not} */
    public boolean ok() {
        return error <= allowed;
    }
}
