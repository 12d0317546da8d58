package io.github.hiera4j.serve.http;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.request.Stage;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One line for each request in the common log format, followed by the milliseconds of the request and of its stages. Queries and bodies
 * are not written. If the reader does not keep up, lines are dropped and counted; requests are never delayed.
 */
final class AccessLog implements AutoCloseable {
    private static final int MOST_LINES = 4096;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

    private final @Nullable PrintWriter out;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST_LINES);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::write, "hiera-serve-log");
    private volatile boolean closed;

    /** @param out receives the lines; null: none are written */
    AccessLog(@Nullable PrintWriter out) {
        this.out = out;
        if (out != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void line(
            String client,
            String method,
            String path,
            int status,
            long bytes,
            double milliseconds,
            Map<Stage, Long> stages) {
        if (out == null) {
            return;
        }
        String start = String.format(
                Locale.ROOT,
                "%s - - [%s] \"%s %s HTTP/1.1\" %d %s %.1f",
                client,
                ZonedDateTime.now(ZoneOffset.UTC).format(TIME),
                Printable.of(method),
                Printable.of(path).replace("\"", "%22"),
                status,
                bytes < 0 ? "-" : Long.toString(bytes),
                milliseconds);
        StringBuilder line = new StringBuilder(start);
        stages.forEach(
                (stage, nanos) -> line.append(String.format(Locale.ROOT, " %s=%.1f", stage.word(), nanos / 1e6)));
        if (!lines.offer(line.toString())) {
            dropped.incrementAndGet();
        }
    }

    /** Number of lines dropped because the log was not read fast enough. */
    long dropped() {
        return dropped.get();
    }

    private void write() {
        PrintWriter writer = java.util.Objects.requireNonNull(out);
        try {
            while (!closed || !lines.isEmpty()) {
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    writer.println(line);
                }
                if (lines.isEmpty()) {
                    writer.flush();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes the remaining lines, for at most a second. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(1000);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
