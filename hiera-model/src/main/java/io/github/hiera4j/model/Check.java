package io.github.hiera4j.model;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/** Precondition checks with messages for the person who has to correct the input. */
public final class Check {
    private Check() {}

    /**
     * Throws a {@link HieraException} with the formatted message unless the condition holds.
     *
     * @param condition what must hold
     * @param message a {@link String#format} pattern: what, expected, actual, what to do
     * @param arguments arguments of the message, formatted independently of the locale
     */
    @FormatMethod
    public static void check(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new HieraException(String.format(Locale.ROOT, message, arguments));
        }
    }

    /**
     * Throws a {@link DamagedFileException} with the formatted message unless the condition on the content of a file holds.
     *
     * @param condition what must hold
     * @param message a {@link String#format} pattern: what, expected, actual, what to do
     * @param arguments arguments of the message, formatted independently of the locale
     */
    @FormatMethod
    public static void checkIntact(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new DamagedFileException(String.format(Locale.ROOT, message, arguments));
        }
    }

    /**
     * Throws an {@link UnsupportedException} with the formatted message unless the condition holds.
     *
     * @param condition what must hold
     * @param message a {@link String#format} pattern: what, expected, actual, what to do
     * @param arguments arguments of the message, formatted independently of the locale
     */
    @FormatMethod
    public static void checkSupported(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new UnsupportedException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
