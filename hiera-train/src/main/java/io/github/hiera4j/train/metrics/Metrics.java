package io.github.hiera4j.train.metrics;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of a run: a line of JSON each in {@code metrics.jsonl}, and the same in an event file that TensorBoard shows.
 *
 * <p>A resumed run first drops what was logged behind its checkpoint, so that every step stands there once.
 */
public final class Metrics implements AutoCloseable {
    private static final String FILE = "metrics.jsonl";

    private final Writer lines;
    private final EventFile events;

    private Metrics(Writer lines, EventFile events) {
        this.lines = lines;
        this.events = events;
    }

    /** Opens the figures of a run directory; those after {@code fromStep} are dropped. */
    public static Metrics open(Path directory, long fromStep) {
        Path file = directory.resolve(FILE);
        try {
            keepUpTo(file, fromStep);
            Writer lines = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new Metrics(lines, EventFile.create(directory, fromStep));
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    private static void keepUpTo(Path file, long step) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.endsWith("}")
                    && JsonMapper.shared().readTree(line).path("step").asLong() <= step) {
                kept.add(line);
            }
        }
        Path temporary = file.resolveSibling("." + FILE + ".tmp");
        Files.write(temporary, step == 0 ? List.of() : kept);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes the figures of a step; they are on disk when this returns. */
    public void log(long step, Map<String, Double> figures) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.putAll(figures);
        try {
            lines.write(JsonMapper.shared().writeValueAsString(line) + "\n");
            lines.flush();
            figures.forEach((name, value) -> events.scalar(step, name, value));
        } catch (IOException e) {
            throw new HieraException(FILE + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /** A figure's course over the steps. */
    public static Map<String, List<double[]>> read(Path runDirectory) {
        Map<String, List<double[]>> curves = new LinkedHashMap<>();
        Path file = runDirectory.resolve(FILE);
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                JsonNode json = JsonMapper.shared().readTree(line);
                double step = json.path("step").asDouble();
                json.forEachEntry((name, value) -> {
                    if (!name.equals("step") && value.isNumber()) {
                        curves.computeIfAbsent(name, key -> new ArrayList<>())
                                .add(new double[] {step, value.asDouble()});
                    }
                });
            }
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + FileFault.reason(e), e);
        }
        return curves;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new HieraException(FILE + ": cannot be written: " + FileFault.reason(e), e);
        } finally {
            events.close();
        }
    }
}
