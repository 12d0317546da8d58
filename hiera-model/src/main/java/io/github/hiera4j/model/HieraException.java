package io.github.hiera4j.model;

import java.util.Objects;

/**
 * A failure that the person using Hiera4j can understand and correct.
 *
 * <p>The message is one line and says what went wrong, what was expected, what was found and what to do. Commands print
 * it unchanged. Any other exception is a programming error.
 *
 * <p>Subtypes distinguish the kinds of failure that programs handle differently: {@link MissingFileException},
 * {@link DamagedFileException}, {@link UnsupportedException}, {@link OutOfMemoryException} and
 * {@link OperationInterruptedException}. Every other user error, such as an option out of range, has this type itself.
 */
public class HieraException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a one-line message.
     *
     * @param message one line: what, expected, got, what to do
     */
    public HieraException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a one-line message and a cause.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause the cause
     */
    public HieraException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns the message: one line, never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /**
     * {@return an exception of the same type with this one as its cause and another message, for example one that also names the file}
     *
     * @param message one line: what, expected, got, what to do
     */
    public HieraException withMessage(String message) {
        return new HieraException(message, this);
    }
}
