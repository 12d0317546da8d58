package io.github.hiera4j.model;

import com.google.errorprone.annotations.FormatMethod;

/** Preconditions whose messages are written for the person who has to mend the input. */
public final class Check {
    private Check() {}

    /**
     * Throws a {@link HieraException} with the formatted message unless the condition holds.
     *
     * @param message a {@link String#format} pattern: what, expected, actual, what to do
     */
    @FormatMethod
    public static void check(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new HieraException(String.format(message, arguments));
        }
    }
}
