package io.github.hiera4j.model.baseline.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.parity.TensorDifference;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A file that states which networks are equal at both ends of the ladder. Rung 0 and MViTv2, and rung f and Hiera, are computed with the
 * same weights and pixels and compared; a rung is also compared with Hiera's golden cases. The files of these cases are beside it
 * ({@code rung_0.json}, {@code rung_f.json}) and in the parent directory ({@code nano_image.json} and others).
 */
public final class EqualityFile {
    private static final Pattern KEY = Pattern.compile(
            "rung ([0a-f]) = (?:timm (MultiScaleVit|Hiera), ([a-z_0-9]{1,40})|official Hiera golden ([a-z_0-9]{1,60}))");

    private EqualityFile() {}

    /**
     * {@return the results of a backend for every statement of a file; empty if the file describes something else}
     *
     * @param file the file
     * @param backend computes both networks
     * @param options element type, device and threads
     * @throws HieraException if the file is invalid or a file that it needs is missing; the message names the file and the fault
     */
    public static Optional<List<ParityResult>> run(Path file, Backend backend, CompileOptions options) {
        JsonNode json = Json.read(file);
        List<Matcher> statements = new ArrayList<>();
        if (!json.isObject() || json.has("cases")) {
            return Optional.empty();
        }
        for (String key : json.propertyNames()) {
            Matcher statement = KEY.matcher(key);
            if (statement.matches()) {
                statements.add(statement);
            } else if (key.startsWith("rung ")) {
                throw new HieraException(file + ": '" + Printable.of(key)
                        + "' is not a statement that can be checked: expected rung 0 = timm MultiScaleVit, CASE; rung f = timm Hiera, CASE;"
                        + " or rung f = official Hiera golden CASE");
            }
        }
        if (statements.isEmpty()) {
            return Optional.empty();
        }
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        String stem = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
        return Optional.of(statements.stream()
                .map(statement -> new Statement(
                                stem + "/" + statement.group(), Rung.parse(statement.group(1)), backend, options)
                        .run(statement, directory))
                .toList());
    }

    /** One equality of two networks. */
    private record Statement(String name, Rung rung, Backend backend, CompileOptions options) {

        ParityResult run(Matcher key, Path directory) {
            if (key.group(4) != null) {
                Path above = Objects.requireNonNull(directory.getParent(), "the root directory has no golden cases");
                return againstGolden(GoldenCase.read(above.resolve(key.group(4) + ".json")));
            }
            Path figures = directory.resolve("rung_" + rung.label() + ".json");
            String wanted = key.group(3);
            BaselineCase golden = BaselineFile.read(figures).orElse(List.of()).stream()
                    .filter(one -> one.name().endsWith("/" + wanted))
                    .findFirst()
                    .orElseThrow(() -> new HieraException(figures + ": has no case '" + wanted + "'"));
            return againstNetwork(golden, key.group(2).equals("Hiera"));
        }

        /** Compares the network of a rung with the one that it should equal. */
        private ParityResult againstNetwork(BaselineCase golden, boolean isHiera) {
            ModelConfig model =
                    golden.network() instanceof BaselineNetwork.Classifier classifier ? classifier.model() : null;
            check(model instanceof LadderConfig, "%s: expected a classifier of a rung", golden.name());
            HieraConfig hiera = ((LadderConfig) Objects.requireNonNull(model)).hiera();
            List<String> outputs = List.copyOf(golden.expected().keySet());
            Graph other = isHiera
                    ? new Hiera(hiera).inferenceGraph()
                    : MViTv2Config.image(hiera, true).inferenceGraph();
            Map<String, HostTensor> here = compute(golden.graph(), golden.weights(), golden.feeds());
            Map<String, HostTensor> there = compute(other.select(outputs), golden.weights(), golden.feeds());
            List<TensorDifference> differences = outputs.stream()
                    .map(output -> difference(
                            output,
                            Objects.requireNonNull(here.get(output)),
                            Objects.requireNonNull(there.get(output))))
                    .toList();
            return new ParityResult(name, differences, Parity.tolerance(golden, options.dtype()));
        }

        /** Compares the network of a rung with the figures of a Hiera model. */
        private ParityResult againstGolden(GoldenCase golden) {
            Graph graph = golden.config() instanceof MaeConfig mae
                    ? LadderMae.of(mae, rung)
                            .inferenceGraph(MaskUnits.keepCount(
                                    Axes.product(mae.encoder().unitGrid()),
                                    golden.json().path("mask_ratio").asDouble()))
                    : LadderConfig.of(golden.config().encoder(), rung).inferenceGraph();
            List<String> outputs = List.copyOf(golden.expected().keySet());
            Map<String, HostTensor> results = compute(graph.select(outputs), golden.weights(), golden.feeds());
            List<TensorDifference> differences = outputs.stream()
                    .map(output -> Objects.requireNonNull(golden.expected().get(output))
                            .compare(output, Objects.requireNonNull(results.get(output))))
                    .toList();
            return new ParityResult(name, differences, Parity.tolerance(golden, options.dtype()));
        }

        private Map<String, HostTensor> compute(Graph graph, WeightSource weights, Map<String, HostTensor> feeds) {
            try (Session session = backend.compile(graph, weights, options)) {
                return session.run(feeds);
            }
        }

        private static TensorDifference difference(String output, HostTensor left, HostTensor right) {
            check(left.shape().equals(right.shape()), "%s: %s and %s", output, left.shape(), right.shape());
            double largest = 0;
            double squares = 0;
            double norm = 0;
            for (int i = 0; i < left.elements(); i++) {
                double difference = Math.abs(left.get(i) - right.get(i));
                largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
                squares += difference * difference;
                norm += right.get(i) * right.get(i);
            }
            double relative = Math.sqrt(squares / Math.max(norm, Double.MIN_NORMAL));
            return new TensorDifference(output, largest, Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative);
        }
    }
}
