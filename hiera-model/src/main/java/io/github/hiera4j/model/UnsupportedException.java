package io.github.hiera4j.model;

/**
 * Thrown when the input is valid but Hiera4j cannot process it: a file format, a codec, a model, a setting in a configuration file, or a
 * combination of options that no backend here supports.
 */
public class UnsupportedException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a one-line message.
     *
     * @param message one line: what, expected, got, what to do
     */
    public UnsupportedException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a one-line message and a cause.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause the cause
     */
    public UnsupportedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public UnsupportedException withMessage(String message) {
        return new UnsupportedException(message, this);
    }
}
