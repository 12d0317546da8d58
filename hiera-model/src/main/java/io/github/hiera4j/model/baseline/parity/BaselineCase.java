package io.github.hiera4j.model.baseline.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.ParityCase;
import io.github.hiera4j.model.parity.TensorSummary;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One case of a baseline or of a rung.
 *
 * @param name the names of the file and the case
 * @param network its graphs, names and masks
 * @param inputShape the pixels, batch first
 * @param json the expected figures
 */
public record BaselineCase(String name, BaselineNetwork network, Shape inputShape, JsonNode json)
        implements ParityCase {
    private static final double TARGET_SHARE = 0.9;

    /** With fewer channels than this in the first block, rounding has more effect than in published models. */
    private static final int NANO_CHANNELS = 64;

    @Override
    public boolean isNano() {
        return network.channels() < NANO_CHANNELS;
    }

    /**
     * Returns the same tolerance as for Hiera, but .035 for nano models that pool by convolution: a LayerNorm over few channels follows,
     * which magnifies rounding. Rounding only the weights and the input to bfloat16 and computing everything in float64 already changes the
     * last stage of {@code rung_0/deep} by .028.
     */
    @Override
    public double halfTolerance() {
        boolean convolves =
                network.inference().parameters().keySet().stream().anyMatch(name -> name.contains(".attn.pool_"));
        return isNano() ? (convolves ? 0.035 : 0.03) : 0.02;
    }

    @Override
    public Graph graph() {
        List<String> computed = expected().keySet().stream()
                .filter(output -> !derived().containsKey(output))
                .toList();
        return network.inference().select(computed);
    }

    @Override
    public WeightSource weights() {
        return new NamedFormula(network.inference().parameters(), network.names());
    }

    @Override
    public Map<String, HostTensor> feeds() {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraEncoder.INPUT, FormulaWeights.tensor("input", inputShape));
        if (json.has("visible")) {
            MaskUnits mask = mask();
            check(visible().equals(mask.visible()), "%s: the mask noise keeps %s", name, mask.visible());
            feeds.putAll(network.maskFeeds(mask));
        }
        return feeds;
    }

    private MaskUnits mask() {
        int batch = inputShape.size(0);
        int units = network.maskUnits();
        double[] all = FormulaWeights.noise("mask_noise", batch * units);
        double[][] noise = new double[batch][units];
        for (int sample = 0; sample < batch; sample++) {
            System.arraycopy(all, sample * units, noise[sample], 0, units);
        }
        return MaskUnits.fromNoise(noise, json.path("mask_ratio").asDouble());
    }

    private List<List<Integer>> visible() {
        return json.path("visible").valueStream().map(Fields::integers).toList();
    }

    @Override
    public Map<String, TensorSummary> expected() {
        Map<String, TensorSummary> expected = new LinkedHashMap<>();
        int stage = 1;
        for (JsonNode summary : json.path("intermediates")) {
            expected.put(Hiera.stage(stage++), TensorSummary.read(summary));
        }
        if (json.has("logits")) {
            expected.put(Hiera.LOGITS, TensorSummary.ofRows(json.path("logits")));
        }
        put(expected, HieraMae.LATENT, "latent");
        put(expected, HieraMae.PREDICTION, "pred");
        put(expected, HieraMae.TARGET, "label");
        if (json.has("visible")) {
            for (String loss : List.of(HieraMae.LOSS, "loss_unnormalised")) {
                if (json.has(loss)) {
                    expected.put(loss, TensorSummary.ofNumber(json.path(loss).asDouble()));
                }
            }
        }
        json.path("sincos")
                .properties()
                .forEach(entry -> expected.put(entry.getKey(), TensorSummary.read(entry.getValue())));
        return expected;
    }

    private void put(Map<String, TensorSummary> expected, String output, String key) {
        if (json.has(key)) {
            expected.put(output, TensorSummary.read(json.path(key)));
        }
    }

    /** Returns the fixed position tables. */
    @Override
    public Map<String, HostTensor> derived() {
        Map<String, HostTensor> derived = new LinkedHashMap<>();
        json.path("sincos")
                .properties()
                .forEach(entry -> derived.put(entry.getKey(), Fields.sineCosine(entry.getKey())));
        return derived;
    }

    /** {@return whether the case states a loss, and possibly its gradients} */
    public boolean isTrainable() {
        return json.has("loss");
    }

    /** {@return the graph with the output {@code loss} that the case states} */
    public Graph lossGraph() {
        return network.training().select(Hiera.LOSS);
    }

    /**
     * {@return the inputs of {@link #lossGraph}: for a classifier, labels {@code i mod classes}, smoothed by .1}
     */
    public Map<String, HostTensor> lossFeeds() {
        Map<String, HostTensor> feeds = new LinkedHashMap<>(feeds());
        if (!json.has("visible")) {
            int batch = inputShape.size(0);
            int classes = json.path("logits").path(0).size();
            float[] targets = new float[batch * classes];
            for (int i = 0; i < targets.length; i++) {
                boolean isLabel = i % classes == i / classes % classes;
                targets[i] = (float) ((isLabel ? TARGET_SHARE : 0) + (1 - TARGET_SHARE) / classes);
            }
            feeds.put(Hiera.TARGETS, HostTensor.of(Shape.of(batch, classes), targets));
        }
        return feeds;
    }

    /** {@return the formula weights of {@link #lossGraph}} */
    public WeightSource lossWeights() {
        return new NamedFormula(lossGraph().parameters(), network.names());
    }

    /**
     * {@return the stated figures {@code {l2, index, value}} of each parameter's gradient, by the graph's names; empty if none are stated}
     */
    public Map<String, JsonNode> gradients() {
        Map<String, JsonNode> gradients = new LinkedHashMap<>();
        if (json.has("grad")) {
            for (String parameter : lossGraph().parameters().keySet()) {
                JsonNode figures = json.path("grad").path(network.names().apply(parameter));
                if (!figures.isMissingNode()) {
                    gradients.put(parameter, figures);
                }
            }
            check(
                    gradients.size() == json.path("grad").size(),
                    "%s: gradients of %d parameters are stated, the model has %d of them",
                    name,
                    json.path("grad").size(),
                    gradients.size());
        }
        return gradients;
    }
}
