package io.github.hiera4j.model.reference;

/** The error function in double precision, which the Java library does not have. */
final class Erf {
    private Erf() {}

    /** x · Φ(x), where Φ is the standard normal distribution function. */
    static double gelu(double x) {
        return 0.5 * x * erfc(-x / Math.sqrt(2));
    }

    /**
     * 1 - erf(x), by the Maclaurin series near 0 and Laplace's continued fraction elsewhere; both are accurate to about 1e-15.
     */
    static double erfc(double x) {
        double magnitude = Math.abs(x);
        if (magnitude < 2.5) {
            return 1 - series(x);
        }
        double tail = magnitude > 27 ? 0 : fraction(magnitude);
        return x > 0 ? tail : 2 - tail;
    }

    /** erf(x) = 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): all terms have one sign. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** erfc(x) = e^(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), evaluated from the far end. */
    private static double fraction(double x) {
        double denominator = x;
        for (int k = 120; k >= 1; k--) {
            denominator = x + 0.5 * k / denominator;
        }
        return Math.exp(-x * x) / (Math.sqrt(Math.PI) * denominator);
    }
}
