package io.github.hiera4j.model;

/**
 * The content of a file or stream is not what its format requires: it is cut short, corrupt or empty, or its sizes are
 * implausible. Another copy of the same file may work.
 */
public class DamagedFileException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with a one-line message: what, expected, got, what to do.
     *
     * @param message one line: what, expected, got, what to do
     */
    public DamagedFileException(String message) {
        super(message);
    }

    /**
     * A failure with a one-line message, and what caused it.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause what caused it
     */
    public DamagedFileException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public DamagedFileException withMessage(String message) {
        return new DamagedFileException(message, this);
    }
}
