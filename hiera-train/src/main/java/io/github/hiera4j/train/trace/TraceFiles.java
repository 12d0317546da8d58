package io.github.hiera4j.train.trace;

import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.train.trace.StepTrace.Lane;
import io.github.hiera4j.train.trace.StepTrace.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a trace to files: events for the trace viewers of Chrome and Perfetto (<a
 * href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU">Trace Event Format</a>), and a picture of the last
 * step.
 */
public final class TraceFiles {
    /** The name of the event file in a run's directory. */
    public static final String EVENTS = "trace.json";

    /** The name of the picture in the same directory. */
    public static final String PICTURE = "trace.svg";

    private static final String JSON = ".json";

    private TraceFiles() {}

    /**
     * Writes both files, replacing existing ones.
     *
     * @param trace the trace; if it is empty, nothing is written
     * @param file the event file; the picture is written next to it, with {@code .svg} instead of {@code .json}
     * @return a line that names the files and says how a step spends its time
     */
    public static String write(StepTrace trace, Path file) {
        if (trace.spans().isEmpty()) {
            return "no trace: the training had no step after the first three, which are not recorded";
        }
        write(file, Json.MAPPER.writeValueAsBytes(events(trace)));
        String name = file.getFileName().toString();
        String stem = name.endsWith(JSON) ? name.substring(0, name.length() - JSON.length()) : name;
        Path picture = file.resolveSibling(stem + ".svg");
        write(picture, TracePicture.svg(trace).getBytes(StandardCharsets.UTF_8));
        return "trace: " + file + " (open it at ui.perfetto.dev) and " + picture + "; " + summary(trace);
    }

    private static void write(Path file, byte[] content) {
        AtomicFile.write(file, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * Summarises the steps of the first process in one line.
     *
     * @param trace a trace of at least one step
     * @return how a step spends its time, on average
     */
    public static String summary(StepTrace trace) {
        StepTrace.Shares shares = trace.shares(0);
        String alone = String.format(
                Locale.ROOT,
                "step %.1f ms: %.1f computing, %.1f data",
                shares.step(),
                shares.computing(),
                shares.data());
        return shares.exchange() == 0
                ? alone
                : String.format(
                        Locale.ROOT,
                        "%s, %.1f waiting for other processes; exchange %.1f ms, of which computing hides %.1f",
                        alone,
                        shares.waiting(),
                        shares.exchange(),
                        shares.hidden());
    }

    private static Map<String, Object> events(StepTrace trace) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (int rank : trace.ranks()) {
            events.add(name("process_name", rank, 0, "rank " + rank));
            for (Lane lane : Lane.values()) {
                events.add(name("thread_name", rank, lane.number(), lane.name().toLowerCase(Locale.ROOT)));
            }
        }
        for (Span span : trace.spans()) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("name", span.what());
            event.put("cat", category(span));
            event.put("ph", "X");
            event.put("pid", span.rank());
            event.put("tid", span.lane().number());
            event.put("ts", span.from() / 1e3);
            event.put("dur", span.nanos() / 1e3);
            events.add(event);
        }
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("displayTimeUnit", "ms");
        file.put("traceEvents", events);
        return file;
    }

    private static String category(Span span) {
        return switch (span.lane()) {
            case STEP -> "step";
            case WORK -> Activity.of(span.what()).label();
            case EXCHANGE -> Activity.EXCHANGE.label();
        };
    }

    private static Map<String, Object> name(String kind, int rank, int thread, String value) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("name", kind);
        event.put("ph", "M");
        event.put("pid", rank);
        event.put("tid", thread);
        event.put("args", Map.of("name", value));
        return event;
    }
}
