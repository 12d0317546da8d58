package com.example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.hiera4j.api.Classification;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.model.UnsupportedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Classifies uploads over HTTP on the loopback address: {@code ServiceMain WEIGHTS [PORT]}; the port is printed.
 *
 * <pre>{@code
 * curl --data-binary @dog.jpg http://localhost:8080/classify
 * }</pre>
 */
public final class ServiceMain {
    private static final int THREADS = 16; // requests read at once; the service limits the number computed
    private static final long LARGEST_UPLOAD = 64L << 20;

    private final ClassificationService service;

    private ServiceMain(ClassificationService service) {
        this.service = service;
    }

    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        ClassificationService service = new ClassificationService(Path.of(arguments[0]), 2);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        server.setExecutor(threads);
        server.createContext("/classify", new ServiceMain(service)::handle);
        server.start();
        System.out.println(server.getAddress().getPort());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(5); // first no new requests, then the model
            threads.shutdown();
            service.close();
        }));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 405, "expected POST with an image or a video");
                return;
            }
            String length = exchange.getRequestHeaders().getFirst("Content-Length");
            if (length == null || Long.parseLong(length) > LARGEST_UPLOAD) {
                answer(exchange, 413, "expected an upload with a Content-Length of at most " + LARGEST_UPLOAD);
                return;
            }
            classify(exchange);
        }
    }

    private void classify(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            answer(exchange, 200, text(service.classify("upload", body)));
        } catch (DamagedFileException | UnsupportedException fault) { // the caller's file
            answer(exchange, 422, fault.getMessage());
        } catch (OutOfMemoryException full) { // try again later
            answer(exchange, 503, full.getMessage());
        } catch (HieraException fault) {
            answer(exchange, 500, fault.getMessage());
        }
    }

    private static String text(List<Classification> classes) {
        StringBuilder lines = new StringBuilder();
        for (Classification each : classes) {
            lines.append(String.format(Locale.ROOT, "%.6f\t%s%n", each.probability(), each.label()));
        }
        return lines.toString();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
