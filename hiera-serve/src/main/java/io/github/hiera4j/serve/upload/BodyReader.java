package io.github.hiera4j.serve.upload;

import io.github.hiera4j.serve.request.ByteBudget;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.Ticket;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads request bodies within limits: size, remaining memory, and deadline. */
public final class BodyReader {
    private static final int FIRST_BUFFER = 1 << 16;

    private final long largest;

    /**
     * Creates a reader with a size limit.
     *
     * @param largest largest size of a body, in bytes
     */
    public BodyReader(long largest) {
        this.largest = largest;
    }

    /**
     * {@return a whole body}
     *
     * @param body the body of the request
     * @param length the announced length; -1 if unknown
     * @param memory the budget for the bytes
     * @param ticket the request's deadline and connection
     * @throws Refusal with 413 if it is too long, 400 if it is truncated, 408 if it is too slow, 503 if there is no memory left
     */
    public byte[] read(InputStream body, long length, ByteBudget.Share memory, Ticket ticket) {
        if (length > largest) {
            throw tooLarge();
        }
        try {
            return length >= 0 ? readExactly(body, (int) length, memory, ticket) : readToEnd(body, memory, ticket);
        } catch (IOException cut) {
            throw ticket.isLate() || isTimeout(cut)
                    ? Refusal.of(408, "the body did not arrive in time")
                    : Refusal.of(400, "the body ends early, or is not framed as announced");
        }
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.util.concurrent.TimeoutException) {
                return true;
            }
        }
        return false;
    }

    private Refusal tooLarge() {
        return Refusal.of(413, "a request may have %d bytes: send smaller files, or fewer at a time", largest);
    }

    private static byte[] readExactly(InputStream body, int length, ByteBudget.Share memory, Ticket ticket)
            throws IOException {
        memory.take(length);
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            int count = body.read(bytes, filled, length - filled);
            if (count < 0) {
                throw Refusal.of(400, "the body ends after %d of %d bytes", filled, length);
            }
            filled += count;
            checkTime(ticket);
        }
        return bytes;
    }

    private byte[] readToEnd(InputStream body, ByteBudget.Share memory, Ticket ticket) throws IOException {
        byte[] bytes = new byte[FIRST_BUFFER];
        memory.take(FIRST_BUFFER);
        int filled = 0;
        while (true) {
            int count = body.read(bytes, filled, bytes.length - filled);
            if (count < 0) {
                return Arrays.copyOf(bytes, filled);
            }
            filled += count;
            checkTime(ticket);
            if (filled > largest) {
                throw tooLarge();
            }
            if (filled == bytes.length) {
                memory.take(bytes.length);
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
        }
    }

    private static void checkTime(Ticket ticket) {
        if (ticket.isLate()) {
            throw Refusal.of(408, "the body did not arrive in time");
        }
    }
}
