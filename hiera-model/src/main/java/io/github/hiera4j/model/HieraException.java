package io.github.hiera4j.model;

import java.util.Objects;

/**
 * A failure that the person using Hiera4j can understand and correct.
 *
 * <p>The message is one line and says what went wrong, what was expected, what was found and what to do. Commands print
 * it as it is; a programming error is any other exception.
 *
 * <p>Subtypes tell the kinds of failure apart that programs handle differently: {@link MissingFileException},
 * {@link DamagedFileException}, {@link UnsupportedException}, {@link OutOfMemoryException} and
 * {@link OperationInterruptedException}. Every other user error, such as an option out of its range, is this type itself.
 */
public class HieraException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with a one-line message: what, expected, got, what to do.
     *
     * @param message one line: what, expected, got, what to do
     */
    public HieraException(String message) {
        super(message);
    }

    /**
     * A failure with a one-line message, and what caused it.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause what caused it
     */
    public HieraException(String message, Throwable cause) {
        super(message, cause);
    }

    /** One line, never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /**
     * {@return a failure of the same type with another message, for example one that also names the file; this one is its cause}
     *
     * @param message one line: what, expected, got, what to do
     */
    public HieraException withMessage(String message) {
        return new HieraException(message, this);
    }
}
