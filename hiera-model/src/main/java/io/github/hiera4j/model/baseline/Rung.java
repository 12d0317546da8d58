package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A step of the simplification from MViTv2 to Hiera (paper Table 1). Each step includes those before it. */
public enum Rung {
    /** MViTv2 itself, trained with labels only. */
    ZERO("0", "MViTv2"),
    /** Relative positions become learned absolute ones at the input. From here on the model is pretrained as an autoencoder. */
    A("a", "absolute instead of relative positions"),
    /** Max-pooling replaces every convolution that pools queries, keys or values. */
    B("b", "max-pooling instead of convolutions"),
    /** Max-pooling that does not reduce the number of tokens is dropped. */
    C("c", "no max-pooling with stride 1"),
    /** Pooling windows no longer overlap: the kernel equals the stride. */
    D("d", "kernel equals stride"),
    /** Pooled queries are no longer added to the output of attention. */
    E("e", "no query residual"),
    /** Keys and values are no longer pooled; the first stages attend within mask units instead. This is Hiera. */
    F("f", "attention in mask units instead of pooled keys: Hiera");

    private final String label;
    private final String change;

    Rung(String label, String change) {
        this.label = label;
        this.change = change;
    }

    /** {@return the name in the paper's table: {@code a} to {@code f}, or {@code 0} for the start} */
    public String label() {
        return label;
    }

    /** {@return a short description of what the step changes} */
    public String change() {
        return change;
    }

    /**
     * {@return the rung with this {@link #label}; throws a {@code HieraException} for any other}
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

    /** {@return whether mask units are pooled separately, so that the model can be trained as an autoencoder} */
    public boolean separatesUnits() {
        return isAtLeast(A);
    }

    /** {@return whether pooling is by depthwise convolution instead of maximum} */
    public boolean poolsByConvolution() {
        return !isAtLeast(B);
    }

    /** {@return whether queries, keys and values are pooled even if the stride is 1} */
    public boolean keepsStrideOne() {
        return !isAtLeast(C);
    }

    /** {@return whether pooling windows are larger than their stride} */
    public boolean overlaps() {
        return !isAtLeast(D);
    }

    /** {@return whether pooled queries are added to the output of attention} */
    public boolean addsQueries() {
        return !isAtLeast(E);
    }

    /** {@return whether keys and values are pooled in the first two stages} */
    public boolean poolsKeys() {
        return this != F;
    }
}
