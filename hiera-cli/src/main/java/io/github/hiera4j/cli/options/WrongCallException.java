package io.github.hiera4j.cli.options;

import com.google.errorprone.annotations.FormatMethod;
import io.github.hiera4j.model.HieraException;
import java.util.Locale;
import java.util.function.Supplier;

/** Thrown for an invalid option value; the exit code is 2, as for an unknown option. */
public final class WrongCallException extends HieraException {
    private static final long serialVersionUID = 1L;

    private WrongCallException(HieraException fault) {
        super(fault.getMessage(), fault);
    }

    /** Evaluates an option value; a failure becomes a usage error. */
    public static <T> T check(Supplier<T> typed) {
        try {
            return typed.get();
        } catch (HieraException fault) {
            throw new WrongCallException(fault);
        }
    }

    /** Returns the exception to throw for a usage error. */
    public static WrongCallException of(String message) {
        return new WrongCallException(new HieraException(message));
    }

    /**
     * Rejects a command line unless a condition holds.
     *
     * @param message the failure message, a format for {@code values}
     */
    @FormatMethod
    public static void checkCall(boolean holds, String message, Object... values) {
        if (!holds) {
            throw of(String.format(Locale.ROOT, message, values));
        }
    }
}
