package io.github.hiera4j.model;

import java.util.Objects;

/**
 * A failure that the person using Hiera4j can understand and mend.
 *
 * <p>The message is one line and says what went wrong, what was expected, what was found and what to do. Commands print
 * it as it is; a programming error is any other exception.
 */
public class HieraException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HieraException(String message) {
        super(message);
    }

    public HieraException(String message, Throwable cause) {
        super(message, cause);
    }

    /** One line, never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
