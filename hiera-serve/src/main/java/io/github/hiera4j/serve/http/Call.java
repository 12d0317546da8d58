package io.github.hiera4j.serve.http;

import io.github.hiera4j.serve.request.ByteBudget;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.BodyReader;
import io.javalin.http.Context;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import tools.jackson.databind.json.JsonMapper;

/** One request while it is answered: its body, read under limits, and ways to answer. */
final class Call implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The attribute of a request that holds the length of its answer, where that is known. */
    static final String LENGTH = "length";

    /** The attribute of a request that holds its {@link io.github.hiera4j.serve.request.StageTimes}. */
    static final String TIMES = "times";

    private static final int LARGEST_SWALLOWED = 4 << 20;
    private static final long SWALLOWING_MILLIS = 300;

    private final Context context;
    private final ServerLimits limits;
    private final ByteBudget.Share memory;
    private final Ticket ticket;
    private volatile boolean bodyRead;

    Call(Context context, ServerLimits limits, ByteBudget budget) {
        this.context = context;
        this.limits = limits;
        this.memory = budget.share();
        EndPoint endPoint = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        this.ticket = new Ticket(limits.time(), () -> bodyRead && WatchedConnector.isClosedByClient(endPoint));
        if (context.attribute(TIMES) == null) { // a failure is answered by a second one
            context.attribute(TIMES, ticket.times());
        }
    }

    Context context() {
        return context;
    }

    Ticket ticket() {
        return ticket;
    }

    /** Where memory for this request is accounted for, until it is answered. */
    ByteBudget.Share memory() {
        return memory;
    }

    /** The part of the address that a name in braces represents. */
    String part(String name) {
        return context.pathParam(name);
    }

    /** The whole body. */
    byte[] body() {
        String encoding = context.header("Content-Encoding");
        if (encoding != null && !encoding.toLowerCase(Locale.ROOT).equals("identity")) {
            throw Refusal.of(415, "send the body uncompressed, without Content-Encoding");
        }
        ticket.times().begin(Stage.READ);
        try {
            byte[] body = new BodyReader(limits.requestBytes())
                    .read(context.req().getInputStream(), context.req().getContentLengthLong(), memory, ticket);
            bodyRead = true;
            return body;
        } catch (IOException closed) {
            throw Refusal.of(400, "the body cannot be read");
        } finally {
            ticket.times().end(Stage.READ);
        }
    }

    /** A JSON object as the answer. */
    void json(Object value) {
        bytes("application/json", JSON.writeValueAsBytes(value));
    }

    /** Bytes as the answer. */
    void bytes(String type, byte[] content) {
        context.attribute(LENGTH, content.length);
        context.contentType(type).result(content);
    }

    /** Refuses the request. */
    void error(int status, int retryAfterSeconds, String message) {
        swallowRest();
        if (retryAfterSeconds > 0) {
            context.header("Retry-After", Integer.toString(retryAfterSeconds));
        }
        if (status == 401) {
            context.header("WWW-Authenticate", "Bearer");
        }
        context.status(status);
        bytes(HttpErrors.TYPE, HttpErrors.body(message));
    }

    /**
     * Reads a little more of a body that nobody wants: a connection that is closed with bytes unread is reset, and the client
     * would not see why.
     */
    private void swallowRest() {
        boolean hasBody = context.req().getContentLengthLong() > 0 || context.header("Transfer-Encoding") != null;
        if (bodyRead || !hasBody) {
            return;
        }
        context.header("Connection", "close");
        try {
            ServletInputStream in = context.req().getInputStream();
            byte[] buffer = new byte[1 << 16];
            long end = System.nanoTime() + SWALLOWING_MILLIS * 1_000_000;
            int total = 0;
            while (total < LARGEST_SWALLOWED && System.nanoTime() < end && !in.isFinished()) {
                int count = in.available() > 0 ? in.read(buffer) : 0;
                if (count < 0) {
                    return;
                }
                total += count;
                if (count == 0) {
                    Thread.sleep(2);
                }
            }
        } catch (IOException | UncheckedIOException | IllegalStateException gone) {
            // the client has gone, or the body is broken: the answer is sent all the same
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        memory.close();
    }
}
