package io.github.hiera4j.serve.http;

import io.github.hiera4j.model.io.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** Errors as {@code {"error": "one line"}}, including those that the HTTP library reports before any handler runs. */
final class HttpErrors extends ErrorHandler {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String TYPE = "application/json";

    /** The body of an error. */
    static byte[] body(String message) {
        return JSON.writeValueAsBytes(Map.of("error", Printable.message(message)));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Headers.ALL.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, TYPE);
        String text = text(response.getStatus());
        if (response.getStatus() == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505
                || response.getStatus() == HttpStatus.NOT_IMPLEMENTED_501) {
            response.setStatus(HttpStatus.BAD_REQUEST_400); // not a fault of the server
        }
        Content.Sink.write(response, true, new String(body(text), StandardCharsets.UTF_8), callback);
        return true;
    }

    private static String text(int status) {
        return switch (status) {
            case 400 -> "the request is not valid HTTP";
            case 501, 505 -> "this server supports HTTP/1.0 and HTTP/1.1, with bodies of stated length or in chunks";
            case 413 -> "the request is too large";
            case 414 -> "the address is too long";
            case 431 -> "the headers are too large";
            default -> HttpStatus.getMessage(status);
        };
    }
}
