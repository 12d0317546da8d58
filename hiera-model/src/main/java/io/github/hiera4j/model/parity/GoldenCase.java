package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.OfficialConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A file of figures from the reference implementation: a configuration and its expected outputs with weights and
 * input from {@link FormulaWeights}.
 *
 * @param name the case's name
 * @param kind {@code encoder}, {@code mae} or {@code train}
 * @param config the model
 * @param inputShape the pixels, batch first
 * @param json the whole file
 */
public record GoldenCase(String name, String kind, ModelConfig config, Shape inputShape, JsonNode json)
        implements ParityCase {

    /**
     * Reads a file with one case of these kinds; throws a {@code HieraException} that names the file and the fault if it is invalid.
     *
     * @param file the file
     * @return the case
     */
    public static GoldenCase read(Path file) {
        List<ParityCase> cases = GoldenFile.read(file);
        if (cases.size() == 1 && cases.get(0) instanceof GoldenCase golden) {
            return golden;
        }
        throw new HieraException(file + ": expected one case of the kind encoder, mae or train");
    }

    static GoldenCase read(JsonNode json) {
        ModelConfig config = OfficialConfig.read(json.path("config"));
        HieraConfig encoder = config.encoder();
        GoldenCase golden = new GoldenCase(
                json.path("case").asString(),
                json.path("kind").asString(),
                config,
                GoldenFile.inputShape(json, encoder.inChans(), encoder.inputSize()),
                json);
        check(
                golden.kind.equals("train") || config instanceof MaeConfig == golden.kind.equals("mae"),
                "the kind is %s, but the config describes another kind of model",
                golden.kind);
        golden.checkRatio();
        return golden;
    }

    private void checkRatio() {
        if (config instanceof MaeConfig mae && !isTraining()) {
            MaskUnits.keepCount(units(mae), maskRatio()); // throws if the ratio is invalid
        }
    }

    private static int units(MaeConfig mae) {
        return mae.encoder().unitGrid().stream().reduce(1, Math::multiplyExact);
    }

    /** {@return whether the case describes training steps, which an inference session cannot replay} */
    public boolean isTraining() {
        return kind.equals("train");
    }

    /** Returns whether rounding has more effect than in the published models, because fewer channels average out less of it. */
    @Override
    public boolean isNano() {
        return config.encoder().embedDim() < 32;
    }

    /** Returns the model's graph with the outputs that the case states. */
    @Override
    public Graph graph() {
        Graph graph = config instanceof MaeConfig mae
                ? new HieraMae(mae).inferenceGraph(maskRatio())
                : config.inferenceGraph();
        return graph.select(List.copyOf(expected().keySet()));
    }

    /** Returns the formula weights of the model. */
    @Override
    public WeightSource weights() {
        return new CaseWeights(config.encoder(), new FormulaWeights(graph().parameters()));
    }

    /** Returns the pixels and, for an autoencoder, the mask. */
    @Override
    public Map<String, HostTensor> feeds() {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraEncoder.INPUT, FormulaWeights.tensor("input", inputShape));
        if (config instanceof MaeConfig mae) {
            MaskUnits mask = mask(mae);
            check(
                    !json.has("visible") || statedVisible().equals(mask.visible()),
                    "%s: the mask noise keeps the units %s, but the case states %s",
                    name,
                    mask.visible(),
                    statedVisible());
            feeds.putAll(mask.feeds(mae));
        }
        return feeds;
    }

    /** Returns the expected figures by output name. */
    @Override
    public Map<String, TensorSummary> expected() {
        Map<String, TensorSummary> expected = new LinkedHashMap<>();
        int stage = 1;
        for (JsonNode summary : json.path("intermediates")) {
            expected.put(Hiera.stage(stage++), TensorSummary.read(summary));
        }
        if (json.has("logits")) {
            expected.put(Hiera.LOGITS, TensorSummary.ofRows(json.get("logits")));
        }
        putSummary(expected, HieraMae.LATENT, "latent");
        putSummary(expected, HieraMae.PREDICTION, "pred");
        putSummary(expected, HieraMae.TARGET, "label");
        if (json.has("loss")) {
            expected.put(HieraMae.LOSS, TensorSummary.ofNumber(json.get("loss").asDouble()));
        }
        return expected;
    }

    private void putSummary(Map<String, TensorSummary> expected, String output, String key) {
        if (json.has(key)) {
            expected.put(output, TensorSummary.read(json.get(key)));
        }
    }

    private double maskRatio() {
        return json.path("mask_ratio").asDouble();
    }

    private MaskUnits mask(MaeConfig mae) {
        int batch = inputShape.size(0);
        int units = units(mae);
        double[] all = FormulaWeights.noise("mask_noise", batch * units);
        double[][] noise = new double[batch][];
        for (int sample = 0; sample < batch; sample++) {
            noise[sample] = java.util.Arrays.copyOfRange(all, sample * units, (sample + 1) * units);
        }
        return MaskUnits.fromNoise(noise, maskRatio());
    }

    private List<List<Integer>> statedVisible() {
        List<List<Integer>> rows = new java.util.ArrayList<>();
        for (JsonNode row : json.path("visible")) {
            List<Integer> units = new java.util.ArrayList<>();
            row.forEach(unit -> units.add(unit.asInt()));
            rows.add(units);
        }
        return rows;
    }
}
