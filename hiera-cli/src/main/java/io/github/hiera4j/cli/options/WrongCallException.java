package io.github.hiera4j.cli.options;

import com.google.errorprone.annotations.FormatMethod;
import io.github.hiera4j.model.HieraException;
import java.util.Locale;
import java.util.function.Supplier;

/** A value of an option that is none of the possible ones: the exit code is 2, as for an unknown option. */
public final class WrongCallException extends HieraException {
    private static final long serialVersionUID = 1L;

    private WrongCallException(HieraException fault) {
        super(fault.getMessage(), fault);
    }

    /** Evaluates what was typed; a failure is the caller's. */
    public static <T> T check(Supplier<T> typed) {
        try {
            return typed.get();
        } catch (HieraException fault) {
            throw new WrongCallException(fault);
        }
    }

    /** The failure to throw for a call that cannot be meant. */
    public static WrongCallException of(String message) {
        return new WrongCallException(new HieraException(message));
    }

    /**
     * Refuses a call unless a condition holds.
     *
     * @param message of a failure, with {@code values} put into its places
     */
    @FormatMethod
    public static void checkCall(boolean holds, String message, Object... values) {
        if (!holds) {
            throw of(String.format(Locale.ROOT, message, values));
        }
    }
}
