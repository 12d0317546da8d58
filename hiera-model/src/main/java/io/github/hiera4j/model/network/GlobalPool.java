package io.github.hiera4j.model.network;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the head pools all tokens into one vector. The released models use the mean; timm's can be built with others. */
public enum GlobalPool {
    /** The mean over all tokens. */
    AVG,
    /** The maximum of each channel. */
    MAX,
    /** The average of mean and maximum. */
    AVGMAX;

    /** {@return the name that timm uses: {@code avg}, {@code max} or {@code avgmax}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a pooling by its {@link #label}; throws a {@code HieraException} for any other name.
     *
     * @param label the label used in files and commands
     * @return the pooling
     */
    public static GlobalPool parse(String label) {
        return Arrays.stream(values())
                .filter(pool -> pool.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () -> new HieraException("global_pool '" + Printable.of(label) + "' is not supported: expected "
                                + Arrays.stream(values()).map(GlobalPool::label).collect(Collectors.joining(", "))));
    }
}
