package io.github.hiera4j.serve.request;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/** The refusal of a request: an HTTP status and one line for the client. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The status in the access log for a client that has closed its connection; nothing is sent. */
    public static final int CLIENT_GONE = 499;

    private final int status;
    private final int retryAfterSeconds;

    private Refusal(int status, int retryAfterSeconds, String message) {
        super(message, null, false, false); // expected, and thrown often under load: no stack trace
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /**
     * {@return a refusal that repeating the request would not change}
     *
     * @param status an HTTP status from 400 to 499
     * @param message a {@link String#format} pattern: what, expected, actual
     * @param arguments the arguments of the message
     */
    @FormatMethod
    public static Refusal of(int status, String message, Object... arguments) {
        return new Refusal(status, 0, String.format(Locale.ROOT, message, arguments));
    }

    /**
     * {@return a request that may succeed later: 503 with a {@code Retry-After} of one second}
     *
     * @param message one line, a format string
     * @param arguments the arguments of the message
     */
    @FormatMethod
    public static Refusal busy(String message, Object... arguments) {
        return new Refusal(503, 1, String.format(Locale.ROOT, message, arguments));
    }

    /** {@return a refusal because the client has closed its connection, so that nobody reads a response} */
    public static Refusal clientGone() {
        return new Refusal(CLIENT_GONE, 0, "the client has closed the connection");
    }

    /** {@return the HTTP status} */
    public int status() {
        return status;
    }

    /** {@return seconds after which the client may try again; 0: it should not retry} */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** One line, never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
