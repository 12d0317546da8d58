package io.github.hiera4j.model;

/**
 * The input is sound, but Hiera4j cannot process it: a file format, a codec, a model, a setting in a configuration file, or a
 * combination of options that no backend here supports.
 */
public class UnsupportedException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with a one-line message: what, expected, got, what to do.
     *
     * @param message one line: what, expected, got, what to do
     */
    public UnsupportedException(String message) {
        super(message);
    }

    /**
     * A failure with a one-line message, and what caused it.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause what caused it
     */
    public UnsupportedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public UnsupportedException withMessage(String message) {
        return new UnsupportedException(message, this);
    }
}
