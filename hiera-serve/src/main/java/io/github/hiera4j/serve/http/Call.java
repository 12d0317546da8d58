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

/** One request in progress: reads its body under limits, and writes the response. */
final class Call implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The request attribute for the length of the response, if known. */
    static final String LENGTH = "length";

    /** The request attribute for its {@link io.github.hiera4j.serve.request.StageTimes}. */
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
        if (context.attribute(TIMES) == null) { // an error response uses a second Call
            context.attribute(TIMES, ticket.times());
        }
    }

    Context context() {
        return context;
    }

    Ticket ticket() {
        return ticket;
    }

    /** The memory budget of this request, until it is answered. */
    ByteBudget.Share memory() {
        return memory;
    }

    /** Returns the part of the path for a name in braces. */
    String part(String name) {
        return context.pathParam(name);
    }

    /** Reads the whole body. */
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

    /** Responds with a JSON object. */
    void json(Object value) {
        bytes("application/json", JSON.writeValueAsBytes(value));
    }

    /** Responds with bytes. */
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
     * Reads a limited part of an unwanted body: a connection that is closed with unread bytes is reset, and the client
     * would not see the reason.
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
            // the client has disconnected, or the body is broken: the response is sent anyway
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Releases the memory. */
    @Override
    public void close() {
        memory.close();
    }
}
