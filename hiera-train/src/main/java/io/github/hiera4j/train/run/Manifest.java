package io.github.hiera4j.train.run;

import io.github.hiera4j.model.Version;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code manifest.json} of a run: its command, data and results; sufficient to repeat the run. */
final class Manifest {
    static final String FILE = "manifest.json";

    /**
     * The call that started the run.
     *
     * @param command {@code finetune}, {@code pretrain}, or a program's own name
     * @param arguments as they were typed; empty if a program trains
     * @param recipeName the recipe's row in the table; settings may differ from it
     * @param start the checkpoint that the run starts from; empty for initial weights
     */
    record Call(String command, List<String> arguments, String recipeName, Optional<Path> start) {
        /** Returns the call as it would be typed. */
        String line() {
            return arguments.isEmpty() ? command : "hiera " + String.join(" ", arguments);
        }
    }

    private final Path file;
    private final Map<String, Object> content;

    private Manifest(Path file, Map<String, Object> content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Writes the manifest when a run starts or is resumed; the start information of a resumed run is kept.
     *
     * @param data the directory of the data; empty if they are not in a directory
     * @param processes number of processes that train together; the recipe's batch is that of all
     */
    static Manifest begin(
            RunDirectory directory,
            Recipe recipe,
            Dataset dataset,
            Optional<Path> data,
            Call call,
            boolean resumed,
            int processes) {
        Path file = directory.file(FILE);
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("command", call.command());
        content.put("arguments", call.arguments());
        content.put("recipe_name", call.recipeName());
        call.start().ifPresent(path -> content.put("start_weights", path.toString()));
        String now = now();
        content.put("started", now);
        if (resumed && Files.isRegularFile(file)) {
            JsonNode before = Json.readObject(file);
            for (String key : List.of("command", "arguments", "recipe_name", "start_weights", "started")) {
                Optional.ofNullable(before.get(key)).ifPresent(value -> content.put(key, value));
            }
            List<Object> resumes = new ArrayList<>();
            before.path("resumed").forEach(resumes::add);
            resumes.add(Map.of("time", now, "arguments", call.arguments()));
            content.put("resumed", resumes);
        }
        content.put("complete", false);
        content.put("recipe", typed(RecipeSettings.of(recipe)));
        content.put("data", dataset.name());
        data.ifPresent(path ->
                content.put("data_path", path.toAbsolutePath().normalize().toString()));
        content.put("data_fingerprint", dataset.fingerprint());
        content.put("training_samples", dataset.train().size());
        content.put("held_out_samples", dataset.validation().size());
        content.put("classes", dataset.classNames());
        content.put("hiera4j", Version.NAME);
        content.put("libtorch", TorchTrainer.libraryVersion());
        content.put("java", System.getProperty("java.version"));
        content.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        content.put("processes", processes);
        content.put("processors", Runtime.getRuntime().availableProcessors());
        Manifest manifest = new Manifest(file, content);
        manifest.write();
        return manifest;
    }

    /** Adds the results: steps, duration, the best and the last evaluation. */
    void end(Path run, TrainingRun.Outcome outcome) {
        content.put("complete", outcome.complete());
        content.put("ended", now());
        List<double[]> seconds = Metrics.read(run).getOrDefault("seconds", List.of());
        content.put("seconds", seconds.isEmpty() ? 0 : seconds.get(seconds.size() - 1)[1]);
        content.put("steps", outcome.steps());
        Map<String, Double> best = Metrics.best(run);
        if (!best.isEmpty()) {
            content.put("best", best);
        }
        if (!outcome.figures().isEmpty()) {
            content.put("last", outcome.figures());
        }
        write();
    }

    private void write() {
        byte[] text = (JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Converts settings to JSON values: numbers to numbers and flags to booleans. */
    private static Map<String, Object> typed(Map<String, String> settings) {
        Map<String, Object> typed = new LinkedHashMap<>();
        settings.forEach((key, text) -> {
            if (text.equals("true") || text.equals("false")) {
                typed.put(key, Boolean.valueOf(text));
            } else if (text.matches("-?[0-9]{1,18}")) {
                typed.put(key, Long.valueOf(text));
            } else if (text.matches("-?[0-9]+\\.[0-9]+(E-?[0-9]{1,3})?")) {
                typed.put(key, new BigDecimal(text));
            } else {
                typed.put(key, text);
            }
        });
        return typed;
    }
}
