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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * The figures of a run: one line of JSON per logged step or evaluation in {@code metrics.jsonl}, and the same in an event file for TensorBoard.
 *
 * <p>Every line has {@code step}, {@code epoch} (completed epochs, including the fraction of the current one), {@code time} (UTC, ISO
 * 8601) and {@code seconds} (since training began, without the time between a stop and a resume). An evaluation that is better
 * than all before has {@code "best": true}. A resumed run first drops the lines logged after its checkpoint, so that every step
 * occurs once.
 */
public final class Metrics implements AutoCloseable {
    private static final String FILE = "metrics.jsonl";

    /** Present in every line of a training step, and in no line of an evaluation. */
    private static final String LEARNING_RATE = "learning_rate";

    private static final String STEP = "step";
    private static final String SECONDS = "seconds";
    private static final String BEST = "best";

    private final Writer lines;
    private final @Nullable EventFile events;
    private final double secondsBefore;
    private final long start = System.nanoTime();

    private Metrics(Writer lines, @Nullable EventFile events, double secondsBefore) {
        this.lines = lines;
        this.events = events;
        this.secondsBefore = secondsBefore;
    }

    /**
     * Opens the figures of a run directory; those after {@code fromStep} are dropped.
     *
     * @param directory the directory
     * @param fromStep steps of the run that are kept
     * @param evaluationPending whether the evaluation at that step will be repeated
     * @return the figures; the caller closes them
     */
    public static Metrics open(Path directory, long fromStep, boolean evaluationPending) {
        Path file = directory.resolve(FILE);
        try {
            double secondsBefore = keepUpTo(file, fromStep, evaluationPending);
            Writer lines = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new Metrics(lines, EventFile.create(directory, fromStep), secondsBefore);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /**
     * Returns figures that are discarded, for a process that writes no files.
     *
     * @return discarded figures
     */
    public static Metrics none() {
        return new Metrics(Writer.nullWriter(), null, 0);
    }

    /** Returns the seconds of training up to the last line that is kept. */
    private static double keepUpTo(Path file, long step, boolean evaluationPending) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        List<String> kept = new ArrayList<>();
        double[] seconds = {0};
        if (step > 0) {
            forEachLine(file, (line, json) -> {
                long logged = json.path(STEP).asLong();
                boolean isTraining = json.has(LEARNING_RATE);
                if (logged < step || (logged == step && (isTraining || !evaluationPending))) {
                    kept.add(line);
                    seconds[0] = Math.max(seconds[0], json.path(SECONDS).asDouble(0));
                }
            });
        }
        Path temporary = file.resolveSibling("." + FILE + ".tmp");
        Files.write(temporary, kept);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return seconds[0];
    }

    /** Calls back with every complete line; a process that was killed may have left a partial one. */
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

    /**
     * Writes the figures of a step; they are on disk when this returns.
     *
     * @param step updates so far
     * @param epoch completed epochs, including the fraction of the current one
     * @param figures numbers by name
     * @param best whether they are of an evaluation that is better than all before
     */
    public void log(long step, double epoch, Map<String, Double> figures, boolean best) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(STEP, step);
        line.put("epoch", rounded(epoch));
        line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put(SECONDS, rounded(secondsBefore + (System.nanoTime() - start) / 1e9));
        line.putAll(figures);
        if (best) {
            line.put(BEST, true);
        }
        try {
            lines.write(JsonMapper.shared().writeValueAsString(line) + "\n");
            lines.flush();
            EventFile file = events;
            if (file != null) {
                figures.forEach((name, value) -> file.scalar(step, name, value));
            }
        } catch (IOException e) {
            throw new HieraException(FILE + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    private static double rounded(double value) {
        return Math.rint(value * 1000) / 1000;
    }

    /**
     * Returns the best evaluation of a run, as it was logged: its figures and the {@code step}.
     *
     * @param runDirectory the directory of a run
     * @return empty if there was none, or if an earlier version trained the run
     */
    public static Map<String, Double> best(Path runDirectory) {
        Map<String, Double> best = new LinkedHashMap<>();
        forEachLineOf(runDirectory, (line, json) -> {
            if (json.path(BEST).asBoolean(false)) {
                best.clear();
                json.forEachEntry((name, value) -> {
                    if (value.isNumber()) {
                        best.put(name, value.asDouble());
                    }
                });
            }
        });
        return best;
    }

    /**
     * {@return a figure's values by step}
     *
     * @param runDirectory the directory of a run
     */
    public static Map<String, List<double[]>> read(Path runDirectory) {
        Map<String, List<double[]>> curves = new LinkedHashMap<>();
        forEachLineOf(runDirectory, (line, json) -> {
            double step = json.path(STEP).asDouble();
            json.forEachEntry((name, value) -> {
                if (!name.equals(STEP) && value.isNumber()) {
                    curves.computeIfAbsent(name, key -> new ArrayList<>()).add(new double[] {step, value.asDouble()});
                }
            });
        });
        return curves;
    }

    private static void forEachLineOf(Path runDirectory, BiConsumer<String, JsonNode> receiver) {
        Path file = runDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return;
        }
        try {
            forEachLine(file, receiver);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + FileFault.reason(e), e);
        }
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new HieraException(FILE + ": cannot be written: " + FileFault.reason(e), e);
        } finally {
            if (events != null) {
                events.close();
            }
        }
    }
}
