package io.github.hiera4j.cli.options;

import io.github.hiera4j.model.HieraException;
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
}
