package io.github.hiera4j.train.compare;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.train.metrics.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The record of one run, read from its files.
 *
 * @param path the run's directory
 * @param settings of the recipe and of the command that started the run, as text by name
 * @param curves step and value of every figure, by name
 * @param best the figures and the step of the best evaluation; empty if there was none
 * @param seconds of training
 */
public record RunRecord(
        Path path,
        Map<String, String> settings,
        Map<String, List<double[]>> curves,
        Map<String, Double> best,
        double seconds) {

    private static final List<String> STARTED_WITH =
            List.of("recipe_name", "start_weights", "data", "data_fingerprint", "training_samples", "hiera4j");

    /**
     * Reads a run.
     *
     * @param given the run's directory, or {@code model} or {@code best} inside it
     * @return the record
     * @throws io.github.hiera4j.model.HieraException if it is not a run, or its manifest cannot be read
     */
    public static RunRecord read(Path given) {
        boolean inside =
                !Files.exists(given.resolve("manifest.json")) && (given.endsWith("model") || given.endsWith("best"));
        Path run =
                inside ? given.toAbsolutePath().normalize().resolveSibling(".").normalize() : given;
        Path manifest = run.resolve("manifest.json");
        check(
                Files.isRegularFile(manifest),
                "%s: is not a run: expected a directory of hiera pretrain or finetune, with a manifest.json",
                given);
        JsonNode json = Json.readObject(manifest);
        Map<String, String> settings = new LinkedHashMap<>();
        STARTED_WITH.forEach(name -> settings.put(name, json.path(name).asString("-")));
        json.path("recipe").forEachEntry((name, value) -> settings.put(name, value.asString("-")));
        Map<String, List<double[]>> curves = Metrics.read(run);
        List<double[]> seconds = curves.getOrDefault("seconds", List.of());
        double last = seconds.isEmpty() ? Double.NaN : seconds.get(seconds.size() - 1)[1];
        return new RunRecord(run, settings, curves, best(run, curves), last);
    }

    /** Runs of earlier versions do not mark their best evaluation. */
    private static Map<String, Double> best(Path run, Map<String, List<double[]>> curves) {
        Map<String, Double> marked = Metrics.best(run);
        if (!marked.isEmpty()) {
            return marked;
        }
        Map<String, Double> best = new LinkedHashMap<>();
        for (double[] point : curves.getOrDefault("top1", List.of())) {
            if (point[1] > best.getOrDefault("top1", -1.0)) {
                best.put("top1", point[1]);
                best.put("step", point[0]);
            }
        }
        return best;
    }

    /**
     * {@return a figure of the best evaluation}
     *
     * @param name the name of the figure
     */
    public Optional<Double> bestFigure(String name) {
        return Optional.ofNullable(best.get(name));
    }

    /** {@return samples per second: the median of the logged values} */
    public Optional<Double> speed() {
        double[] logged = curves.getOrDefault("samples_per_second", List.of()).stream()
                .mapToDouble(point -> point[1])
                .sorted()
                .toArray();
        return logged.length == 0 ? Optional.empty() : Optional.of(logged[logged.length / 2]);
    }
}
