package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A step of the simplification from MViTv2 to Hiera (paper Table 1). Each step includes those before it. */
public enum Rung {
    /** MViTv2 itself, trained with labels alone. */
    ZERO("0", "MViTv2"),
    /** Relative positions become learned absolute ones at the input. From here on the autoencoder trains the model first. */
    A("a", "absolute instead of relative positions"),
    /** Every convolution that pools queries, keys or values becomes a maximum. */
    B("b", "max-pooling instead of convolutions"),
    /** Maxima that do not reduce the number of tokens are dropped. */
    C("c", "no max-pooling with stride 1"),
    /** Windows of pooling no longer overlap: the kernel equals the stride. */
    D("d", "kernel equals stride"),
    /** Pooled queries are no longer added to what attention gives. */
    E("e", "no residual of queries"),
    /** Keys and values are no longer pooled; the first stages attend within mask units instead. This is Hiera. */
    F("f", "attention in mask units instead of pooled keys: Hiera");

    private final String label;
    private final String change;

    Rung(String label, String change) {
        this.label = label;
        this.change = change;
    }

    /** {@return the name in the paper's table: {@code a} to {@code f}; {@code 0} is where it starts} */
    public String label() {
        return label;
    }

    /** {@return what the step changes, in a few words} */
    public String change() {
        return change;
    }

    /**
     * {@return the rung of this {@link #label}; throws a {@code HieraException} for any other}
     *
     * @param label the name
     */
    public static Rung parse(String label) {
        Optional<Rung> found = Arrays.stream(values())
                .filter(rung -> rung.label.equals(label.toLowerCase(Locale.ROOT)))
                .findFirst();
        check(
                found.isPresent(),
                "unknown rung: expected one of %s",
                Arrays.stream(values()).map(Rung::label).collect(Collectors.joining(", ")));
        return found.get();
    }

    private boolean isAtLeast(Rung other) {
        return compareTo(other) >= 0;
    }

    /** {@return whether blocks add decomposed relative positions to their scores} */
    public boolean hasRelativePositions() {
        return this == ZERO;
    }

    /** {@return whether mask units are pooled apart, and the autoencoder can train the model} */
    public boolean separatesUnits() {
        return isAtLeast(A);
    }

    /** {@return whether depthwise convolutions pool; otherwise maxima do} */
    public boolean poolsByConvolution() {
        return !isAtLeast(B);
    }

    /** {@return whether queries, keys and values pass a pooling also where its stride is 1} */
    public boolean keepsStrideOne() {
        return !isAtLeast(C);
    }

    /** {@return whether windows of pooling are larger than their stride} */
    public boolean overlaps() {
        return !isAtLeast(D);
    }

    /** {@return whether pooled queries are added to what attention gives} */
    public boolean addsQueries() {
        return !isAtLeast(E);
    }

    /** {@return whether keys and values are pooled in the first two stages} */
    public boolean poolsKeys() {
        return this != F;
    }
}
