package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;

import io.github.hiera4j.detect.action.ActionBoxes;
import io.github.hiera4j.detect.action.ActionNetwork;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.optimize.LayerDecay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** Compares gradients of the action head, computed with libtorch, with the reference. */
final class ActionHeadGradients {
    private static final double GRADIENT = 5e-5; // of the tensor's root mean square
    private static final String PIXELS = "pixel_change";

    private final TorchTrainer.Options options;
    private final Findings findings;

    ActionHeadGradients(TorchTrainer.Options options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    /** Compares the gradients of all parameters in one pass, and those of the pixels clip by clip, with the pixels as a parameter. */
    void nano(JsonNode nano, ActionNetwork network, ActionPeople people, HostTensor pixels) {
        int clips = people.boxes().size();
        Graph graph = network.trainingGraph(clips, people.most());
        int actions = network.config().numClasses();
        HostTensor targets = ActionNetwork.targets(people.labels(), people.most(), actions);
        Map<String, HostTensor> feeds = Map.of(
                HieraEncoder.INPUT,
                pixels,
                ActionNetwork.BOXES,
                ActionBoxes.rows(people.byClip(), people.most()).to(DType.FLOAT32),
                ActionNetwork.TARGETS,
                targets);
        try (TorchTrainer trainer = trainer(graph, new FormulaWeights(graph.parameters()))) {
            double loss = trainer.backward(feeds, 1, 0).loss();
            findings.close(
                    "nano training loss",
                    new double[] {nano.path("loss").asDouble()},
                    new double[] {loss},
                    ActionHeadParity.FLOAT32);
            nano.path("grad").forEachEntry((name, summary) -> gradient("nano", name, summary, trainer.gradient(name)));
        }
        gradientOfPixels(nano, network, people, feeds);
    }

    private void gradientOfPixels(
            JsonNode nano, ActionNetwork network, ActionPeople people, Map<String, HostTensor> feeds) {
        GraphBuilder g = new GraphBuilder();
        HieraEncoder encoder = new HieraEncoder(network.config());
        Value input = encoder.input(g);
        int[] one = input.shape().withBatch(1).sizes();
        Value changed = g.add(input, g.parameter(PIXELS, Shape.of(one)));
        List<Value> stages = encoder.build(g, changed).stages();
        Value map = ActionNetwork.map(
                g, stages.get(stages.size() - 1), network.config().layerNormEps());
        int actions = network.config().numClasses();
        Value boxes = g.input(ActionNetwork.BOXES, Shape.of(people.most(), RoiPlan.COLUMNS));
        Value logits = ActionNetwork.logits(g, map, boxes, network.stride(), actions, 0);
        Value targets = g.input(ActionNetwork.TARGETS, Shape.of(1, people.most() * actions, 2));
        g.output(ActionNetwork.LOSS, ActionNetwork.loss(g, logits, targets));
        Graph graph = g.build();
        int clips = people.boxes().size();
        Map<String, HostTensor> none = Map.of(PIXELS, HostTensor.allocate(DType.FLOAT32, Shape.of(one)));
        double[] all =
                new double[Math.toIntExact(clips * input.shape().withBatch(1).elements())];
        try (TorchTrainer trainer = trainer(graph, new GivenWeights(none, graph.parameters()))) {
            for (int clip = 0; clip < clips; clip++) {
                Map<String, HostTensor> single = new LinkedHashMap<>();
                for (String name : List.of(HieraEncoder.INPUT, ActionNetwork.TARGETS)) {
                    single.put(name, batchOf(Objects.requireNonNull(feeds.get(name)), clip));
                }
                List<Boxes> own = List.of(people.byClip().get(clip));
                single.put(
                        ActionNetwork.BOXES,
                        ActionBoxes.rows(own, people.most()).to(DType.FLOAT32));
                trainer.backward(single, 1.0 / clips, 0); // a batch of one is not averaged
                double[] gradient = trainer.gradient(PIXELS).toDoubles();
                System.arraycopy(gradient, 0, all, clip * gradient.length, gradient.length);
                trainer.forgetGradient();
            }
        }
        gradient("nano", "input", nano.path("grad_input"), all);
    }

    private static HostTensor batchOf(HostTensor tensor, int index) {
        int[] sizes = tensor.shape().sizes();
        sizes[0] = 1;
        return tensor.slice(index).reshape(Shape.of(sizes));
    }

    void plainMap(JsonNode plain, int[] shape, double epsilon, ActionPeople people, int actions) {
        GraphBuilder g = new GraphBuilder();
        Value map = ActionNetwork.map(g, g.parameter("input_map", Shape.of(shape)), epsilon);
        HostTensor rows = ActionBoxes.rows(people.byClip(), people.most()).to(DType.FLOAT32);
        double stride = plain.path("stride").asDouble();
        Value logits = ActionNetwork.logits(g, map, g.constant("boxes", rows), stride, actions, 0);
        Value targets = g.input(ActionNetwork.TARGETS, Shape.of(shape[0], people.most() * actions, 2));
        g.output(ActionNetwork.LOSS, ActionNetwork.loss(g, logits, targets));
        Graph graph = g.build();
        try (TorchTrainer trainer = trainer(graph, new FormulaWeights(graph.parameters()))) {
            Map<String, HostTensor> feeds =
                    Map.of(ActionNetwork.TARGETS, ActionNetwork.targets(people.labels(), people.most(), actions));
            double loss = trainer.backward(feeds, 1, 0).loss();
            findings.close(
                    "plain training loss",
                    new double[] {plain.path("loss").asDouble()},
                    new double[] {loss},
                    ActionHeadParity.FLOAT32);
            gradient("plain", "map", plain.path("grad_map"), trainer.gradient("input_map"));
            plain.path("grad")
                    .forEachEntry((name, summary) -> gradient("plain", name, summary, trainer.gradient(name)));
        }
    }

    private TorchTrainer trainer(Graph graph, WeightSource weights) {
        return new TorchTrainer(
                graph,
                LayerDecay.groups(graph.parameters(), 1, 1, 0),
                new OptimizerSettings.Sgd(0, false),
                weights,
                options);
    }

    private void gradient(String part, String name, JsonNode summary, HostTensor gradient) {
        gradient(part, name, summary, gradient.toDoubles());
    }

    private void gradient(String part, String name, JsonNode summary, double[] gradient) {
        int[] index = Findings.integers(summary.path("index"));
        double[] expected = doubles(summary.path("value"));
        double meanSquareRoot = summary.path("l2").asDouble() / Math.sqrt(gradient.length);
        double worst = index.length == 0 ? Double.POSITIVE_INFINITY : 0;
        for (int i = 0; i < index.length; i++) {
            double error = Math.abs(gradient[index[i]] - expected[i]) / meanSquareRoot;
            worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
        }
        findings.within(part + " gradient of " + name, worst, GRADIENT);
    }
}
