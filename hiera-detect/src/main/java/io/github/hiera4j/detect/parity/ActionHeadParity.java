package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;

import io.github.hiera4j.detect.action.ActionNetwork;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.config.OfficialConfig;
import io.github.hiera4j.torch.train.TorchTrainer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** Compares the action head with the reference: map, logits, scores and loss on an engine, and gradients on libtorch. */
final class ActionHeadParity {
    private static final double FLOAT64 = 1e-12;
    static final double FLOAT32 = 2e-6;
    private static final double BFLOAT16 = 5e-2;

    private final Backend backend;
    private final CompileOptions options;
    private final Findings findings;
    private final double allowed;

    ActionHeadParity(Backend backend, CompileOptions options, Findings findings) {
        this.backend = backend;
        this.options = options;
        this.findings = findings;
        if (options.dtype() == DType.BFLOAT16 || options.dtype() == DType.FLOAT16) {
            allowed = BFLOAT16;
        } else {
            allowed = backend.name().equals("reference") ? FLOAT64 : FLOAT32;
        }
    }

    void run(JsonNode json) {
        nano(json);
        plainMap(json);
    }

    private void nano(JsonNode json) {
        JsonNode nano = json.path("nano");
        HieraConfig config = OfficialConfig.read(nano.path("config")).encoder();
        ActionNetwork network = new ActionNetwork(config);
        int[] shape = Findings.integers(nano.path("input_shape"));
        HostTensor pixels = FormulaWeights.tensor("input", Shape.of(shape));
        ActionPeople people = ActionPeople.read(nano, shape[0]);
        Graph trunk = network.trunkGraph();
        double[] map;
        try (Session session = backend.compile(trunk, new FormulaWeights(trunk.parameters()), options)) {
            map = output(session, Map.of(HieraEncoder.INPUT, pixels), ActionNetwork.MAP);
        }
        int height = network.mapHeight();
        int width = network.mapWidth();
        int channels = map.length / (shape[0] * height * width);
        findings.summary("nano mean_map", nano.path("mean_map"), channelsFirst(map, shape[0], height * width), allowed);
        HostTensor maps = HostTensor.of(Shape.of(shape[0], height, width, channels), map);
        head("nano", nano, people, maps, network.stride(), config.numClasses());
        if (backend.name().equals("torch")) {
            gradients().nano(nano, network, people, pixels);
        }
    }

    /** Compares the head on a synthetic map with a different stride. */
    private void plainMap(JsonNode json) {
        JsonNode plain = json.path("plain_map");
        int[] shape = Findings.integers(plain.path("map_shape"));
        int actions = json.path("config").path("classes").asInt();
        double epsilon = json.path("config").path("norm_eps").asDouble();
        ActionPeople people = ActionPeople.read(plain, shape[0]);
        GraphBuilder g = new GraphBuilder();
        Value last = g.input("input_map", Shape.of(shape));
        g.output(ActionNetwork.MAP, ActionNetwork.map(g, last, epsilon));
        Graph mapping = g.build();
        Map<String, HostTensor> feed = Map.of("input_map", FormulaWeights.tensor("input_map", Shape.of(shape)));
        double[] computed;
        try (Session session = backend.compile(mapping, new FormulaWeights(mapping.parameters()), options)) {
            computed = output(session, feed, ActionNetwork.MAP);
        }
        int cells = shape[2] * shape[3];
        findings.summary("plain mean_map", plain.path("mean_map"), channelsFirst(computed, shape[0], cells), allowed);
        HostTensor maps = HostTensor.of(Shape.of(shape[0], shape[2], shape[3], shape[4]), computed);
        double stride = plain.path("stride").asDouble();
        head("plain", plain, people, maps, stride, actions);
        if (backend.name().equals("torch")) {
            gradients().plainMap(plain, shape, epsilon, people, actions);
        }
    }

    private ActionHeadGradients gradients() {
        return new ActionHeadGradients(TorchTrainer.Options.DEFAULT.on(options), findings);
    }

    /** Compares logits, scores and the loss, box by box in the order of the file. */
    private void head(String name, JsonNode figures, ActionPeople people, HostTensor maps, double stride, int actions) {
        HostTensor rows = ActionPeople.inFileOrder(figures);
        GraphBuilder g = new GraphBuilder();
        Value map = g.input(ActionNetwork.MAP, maps.shape());
        Value boxes = g.input(ActionNetwork.BOXES, rows.shape());
        Value logits = ActionNetwork.logits(g, map, boxes, stride, actions, 0);
        g.output(ActionNetwork.LOGITS, logits);
        g.output(ActionNetwork.SCORES, g.elementwise(logits, Function.SIGMOID));
        Graph graph = g.build();
        DType type = allowed == FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Map<String, HostTensor> feeds = Map.of(ActionNetwork.MAP, maps.to(type), ActionNetwork.BOXES, rows.to(type));
        try (Session session = backend.compile(graph, new FormulaWeights(graph.parameters()), options)) {
            double[] ordered = output(session, feeds, ActionNetwork.LOGITS);
            findings.summary(name + " logits", figures.path("logits"), ordered, allowed);
            findings.close(
                    name + " logits of the first box",
                    doubles(figures.path("logits_of_first_box")),
                    Arrays.copyOf(ordered, actions),
                    allowed);
            double[] scores = output(session, feeds, ActionNetwork.SCORES);
            findings.summary(name + " scores", figures.path("scores"), scores, allowed);
            findings.close(
                    name + " loss",
                    new double[] {figures.path("loss").asDouble()},
                    new double[] {binaryCrossEntropy(ordered, people, figures.path("boxes"), actions)},
                    allowed);
        }
    }

    /** Computes the loss by its definition from logits in the order of the file. */
    private static double binaryCrossEntropy(double[] logits, ActionPeople people, JsonNode rows, int actions) {
        double sum = 0;
        for (int i = 0; i < people.slots().size(); i++) {
            int[] labels = people.labels()
                    .get(rows.path(i).path(0).asInt())
                    .get(people.slots().get(i));
            for (int action = 0; action < actions; action++) {
                double logit = logits[i * actions + action];
                double wanted = 0;
                for (int label : labels) {
                    wanted = label == action ? 1 : wanted;
                }
                sum += Math.max(logit, 0) - logit * wanted + Math.log1p(Math.exp(-Math.abs(logit)));
            }
        }
        return sum / logits.length;
    }

    private static double[] output(Session session, Map<String, HostTensor> feeds, String name) {
        return Objects.requireNonNull(session.run(feeds, List.of(name)).get(name))
                .toDoubles();
    }

    /** Transposes {@code [B, cells, C]} to the layout of the file, {@code [B, C, cells]}. */
    private static double[] channelsFirst(double[] map, int batch, int cells) {
        int channels = map.length / (batch * cells);
        double[] result = new double[map.length];
        for (int sample = 0; sample < batch; sample++) {
            for (int cell = 0; cell < cells; cell++) {
                for (int channel = 0; channel < channels; channel++) {
                    result[(sample * channels + channel) * cells + cell] =
                            map[(sample * cells + cell) * channels + channel];
                }
            }
        }
        return result;
    }
}
