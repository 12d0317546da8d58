package io.github.hiera4j.api.fetch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.model.io.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Downloads a file into a partial file in the target's directory, continuing where an earlier attempt stopped.
 *
 * <p>A partial file is continued only if the server confirms by the validator of the first response ({@code If-Range}) that the file is
 * unchanged; otherwise the download starts from the beginning.
 */
final class Download {
    private static final int MOST_ATTEMPTS_WITHOUT_PROGRESS = 4;
    private static final int BLOCK = 1 << 16;

    private final HttpConnections connections;
    private final Duration pause;
    private final String address;
    private final Path part;
    private final Path validatorFile;
    private final long largest;
    private final TransferListener listener;
    private long total = -1;

    /**
     * @param part the partial file
     * @param largest maximum plausible size of the requested file, in bytes
     * @param pause before the first retry; doubled for each further one
     */
    Download(
            HttpConnections connections,
            Duration pause,
            String address,
            Path part,
            long largest,
            TransferListener listener) {
        this.connections = connections;
        this.pause = pause;
        this.address = address;
        this.part = part;
        this.validatorFile = part.resolveSibling(part.getFileName() + ".validator");
        this.largest = largest;
        this.listener = listener;
    }

    /** Downloads until the file is complete; throws a {@code HieraException} that says what to do if that fails. */
    void run() {
        int failures = 0;
        while (true) {
            long before = size();
            String fault;
            try {
                if (attempt(before)) {
                    Files.deleteIfExists(validatorFile);
                    return;
                }
                fault = "the connection was lost";
            } catch (UnknownHostException e) {
                throw new HieraException(
                        address + ": no such host: " + Printable.of(String.valueOf(e.getMessage())), e);
            } catch (SocketTimeoutException e) {
                fault = "the server sent nothing for "
                        + connections.readTimeout().toSeconds() + " s";
            } catch (IOException e) {
                fault = Printable.of(FileFault.reason(e));
            }
            failures = size() > before ? 1 : failures + 1;
            check(
                    failures < MOST_ATTEMPTS_WITHOUT_PROGRESS,
                    "%s: %s after %d of %s bytes; run the same command again to continue",
                    address,
                    fault,
                    size(),
                    total < 0 ? "an unknown number of" : String.valueOf(total));
            listener.note(fault + " after " + size() + " bytes; trying again");
            sleep(pause.multipliedBy(1L << failures));
        }
    }

    /** Reads one response of the server; false if it ended early. */
    private boolean attempt(long offset) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        String validator = offset > 0 && Files.exists(validatorFile) ? Files.readString(validatorFile) : "";
        if (!validator.isEmpty()) {
            headers.put("Range", "bytes=" + offset + "-");
            headers.put("If-Range", validator);
        }
        HttpURLConnection connection = connections.open(address, headers);
        try {
            int status = connection.getResponseCode();
            return switch (status) {
                case 200 -> whole(connection);
                case 206 -> rest(connection, offset);
                case 416 -> restart();
                case 408, 429, 500, 502, 503, 504 -> throw new IOException("the server responds with HTTP " + status);
                case 404, 410 -> throw new MissingFileException(address + ": not found (HTTP " + status + ")");
                default -> throw new HieraException(address + ": the server responds with HTTP " + status);
            };
        } finally {
            connection.disconnect();
        }
    }

    private boolean whole(HttpURLConnection connection) throws IOException {
        String encoding = connection.getContentEncoding();
        check(
                encoding == null || encoding.equals("identity"),
                "%s: the server sends it encoded as '%s'",
                address,
                Printable.of(encoding));
        total = connection.getContentLengthLong();
        checkSize(total);
        Files.writeString(validatorFile, validator(connection));
        return receive(connection, 0);
    }

    private boolean rest(HttpURLConnection connection, long offset) throws IOException {
        long[] range = contentRange(connection.getHeaderField("Content-Range"));
        if (range.length == 0 || range[0] != offset || range[1] < offset || (total >= 0 && range[1] != total)) {
            listener.note("the server does not continue at the requested position; starting from the beginning");
            return restart();
        }
        total = range[1];
        checkSize(total);
        return receive(connection, offset);
    }

    /** Parses first byte and total of {@code bytes 5-9/10}; empty if the text does not have this form. */
    private static long[] contentRange(String header) {
        String text = header == null ? "" : header.strip();
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (!text.startsWith("bytes ") || dash < 0 || slash < dash) {
            return new long[0];
        }
        try {
            return new long[] {
                Long.parseLong(text.substring("bytes ".length(), dash).strip()),
                Long.parseLong(text.substring(slash + 1).strip())
            };
        } catch (NumberFormatException e) {
            return new long[0];
        }
    }

    private boolean restart() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(validatorFile);
        total = -1;
        return false;
    }

    private boolean receive(HttpURLConnection connection, long offset) throws IOException {
        long received = offset;
        try (InputStream in = connection.getInputStream();
                FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(offset).position(offset);
            byte[] block = new byte[BLOCK];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                received += count;
                checkSize(received);
                if (total >= 0 && received > total) {
                    restart(); // the received data is useless
                    throw new HieraException(address + ": the server sends more than the bytes that it announced");
                }
                write(out, ByteBuffer.wrap(block, 0, count));
                listener.progress(received, total);
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    throw new OperationInterruptedException(
                            address + ": interrupted; run the same command again to continue",
                            new InterruptedException());
                }
            }
            out.force(true);
        }
        return total < 0 || received == total;
    }

    private void write(FileChannel out, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) { // not a network fault: retrying does not help
            throw FileFault.unwritable(part, e);
        }
    }

    private void checkSize(long bytes) {
        check(
                bytes <= largest,
                "%s: refused: %d bytes are more than these weights can have (at most %d)",
                address,
                bytes,
                largest);
    }

    /** Returns the validator that identifies a version of the file: a strong entity tag, otherwise the date; empty if there is none. */
    private static String validator(HttpURLConnection connection) {
        String tag = connection.getHeaderField("ETag");
        if (tag != null && !tag.startsWith("W/") && tag.length() <= 200) {
            return tag;
        }
        String date = connection.getHeaderField("Last-Modified");
        return date == null || date.length() > 200 ? "" : date;
    }

    private long size() {
        try {
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw FileFault.unreadable(part, e);
        }
    }

    private void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException(
                    address + ": interrupted; run the same command again to continue", e);
        }
    }
}
