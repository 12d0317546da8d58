package io.github.hiera4j.train.metrics;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Json;
import java.io.BufferedReader;
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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of a run: a line of JSON each in {@code metrics.jsonl}, and the same in an event file that TensorBoard shows.
 *
 * <p>A resumed run first drops what was logged after its checkpoint, so that every step is there once.
 */
public final class Metrics implements AutoCloseable {
    private static final String FILE = "metrics.jsonl";

    /** Every line of a training step has it, none of an evaluation. */
    private static final String LEARNING_RATE = "learning_rate";

    private final Writer lines;
    private final EventFile events;

    private Metrics(Writer lines, EventFile events) {
        this.lines = lines;
        this.events = events;
    }

    /**
     * Opens the figures of a run directory; those after {@code fromStep} are dropped.
     *
     * @param evaluationPending whether the evaluation at that step will be made again
     */
    public static Metrics open(Path directory, long fromStep, boolean evaluationPending) {
        Path file = directory.resolve(FILE);
        try {
            keepUpTo(file, fromStep, evaluationPending);
            Writer lines = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new Metrics(lines, EventFile.create(directory, fromStep));
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    private static void keepUpTo(Path file, long step, boolean evaluationPending) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        if (step > 0) {
            forEachLine(file, (line, json) -> {
                long logged = json.path("step").asLong();
                boolean isTraining = json.has(LEARNING_RATE);
                if (logged < step || (logged == step && (isTraining || !evaluationPending))) {
                    kept.add(line);
                }
            });
        }
        Path temporary = file.resolveSibling("." + FILE + ".tmp");
        Files.write(temporary, kept);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Calls back with every line that is whole; a process that was killed may have left a part of one. */
    private static void forEachLine(Path file, BiConsumer<String, JsonNode> receiver) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode json = parse(line);
                if (json != null) {
                    receiver.accept(line, json);
                }
            }
        }
    }

    private static @Nullable JsonNode parse(String line) {
        try {
            JsonNode json = Json.MAPPER.readTree(line);
            return json.isObject() ? json : null;
        } catch (JacksonException partOfALine) {
            return null;
        }
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
        if (!Files.exists(file)) {
            return curves;
        }
        try {
            forEachLine(file, (line, json) -> {
                double step = json.path("step").asDouble();
                json.forEachEntry((name, value) -> {
                    if (!name.equals("step") && value.isNumber()) {
                        curves.computeIfAbsent(name, key -> new ArrayList<>())
                                .add(new double[] {step, value.asDouble()});
                    }
                });
            });
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
