package io.github.hiera4j.api.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A web server on loopback with responses defined by a test. It uses plain sockets, so that it can send wrong data and disconnect. */
final class FileServer implements AutoCloseable {
    /** Responds to a request. */
    @FunctionalInterface
    interface Answer {
        void to(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    /** @param headers by lower-case name */
    record Request(String path, Map<String, String> headers) {
        /** Returns the first requested byte; 0 for the whole file. */
        int offset() {
            String range = headers.getOrDefault("range", "");
            return range.isEmpty() ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
        }
    }

    private final ServerSocket socket;
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final Answer answer;

    FileServer(Answer answer) throws IOException {
        this.answer = answer;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "file-server");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "http://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort() + "/";
    }

    List<Request> requests() {
        return requests;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                Request request = read(client);
                requests.add(request);
                answer.to(request, client.getOutputStream());
                client.getOutputStream().flush();
            } catch (IOException gone) {
                // the client disconnected, or the server was closed
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    private static Request read(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new Request(lines[0].split(" ")[1], headers);
    }

    static void head(OutputStream out, String status, String... headers) throws IOException {
        String text = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n")
                + "Connection: close\r\n\r\n";
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a file from the requested offset, with a validator. */
    static void file(Request request, OutputStream out, byte[] bytes, int end, String tag) throws IOException {
        boolean same = tag.equals(request.headers().getOrDefault("if-range", ""));
        int offset = same ? request.offset() : 0;
        if (offset > 0) {
            head(
                    out,
                    "206 Partial Content",
                    "Content-Length: " + (bytes.length - offset),
                    "Content-Range: bytes " + offset + "-" + (bytes.length - 1) + "/" + bytes.length,
                    "ETag: " + tag);
        } else {
            head(out, "200 OK", "Content-Length: " + bytes.length, "ETag: " + tag);
        }
        out.write(bytes, offset, Math.max(0, Math.min(end, bytes.length) - offset));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
