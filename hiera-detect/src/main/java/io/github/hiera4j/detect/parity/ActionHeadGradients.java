package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;

import io.github.hiera4j.detect.action.ActionNetwork;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Gradients of the action head against their figures, by libtorch. */
final class ActionHeadGradients {
    private static final double GRADIENT = 5e-5; // of the tensor's root mean square
    private static final String PIXELS = "pixel_change";

    private final Findings findings;

    ActionHeadGradients(Findings findings) {
        this.findings = findings;
    }

    /** Gradients of all parameters in one pass; of the pixels clip by clip, where they are a parameter of one clip. */
    void nano(JsonNode nano, ActionNetwork network, ActionPeople people, HostTensor pixels, List<double[]> matrices) {
        Graph graph = network.trainingGraph(people.most());
        int clips = people.boxes().size();
        int actions = network.config().numClasses();
        HostTensor targets = ActionNetwork.targets(people.labels(), people.most(), actions);
        int cells = network.mapHeight() * network.mapWidth();
        int rows = matrices.get(0).length / cells;
        Map<String, HostTensor> feeds = Map.of(
                HieraEncoder.INPUT,
                pixels,
                ActionNetwork.INTERPOLATION,
                HostTensor.of(Shape.of(clips, rows, cells), flat(matrices)).to(DType.FLOAT32),
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
        int cells = map.size(1);
        Value matrices = g.input(ActionNetwork.INTERPOLATION, Shape.batched(people.most() * network.mapBins(), cells));
        Value logits = ActionNetwork.logits(g, map, matrices, network.config().numClasses(), 0);
        Value targets = g.input(ActionNetwork.TARGETS, Shape.batched(logits.size(1) * logits.size(2), 2));
        g.output(ActionNetwork.LOSS, ActionNetwork.loss(g, logits, targets));
        Graph graph = g.build();
        int clips = people.boxes().size();
        Map<String, HostTensor> none = Map.of(PIXELS, HostTensor.allocate(DType.FLOAT32, Shape.of(one)));
        double[] all =
                new double[Math.toIntExact(clips * input.shape().withBatch(1).elements())];
        try (TorchTrainer trainer = trainer(graph, new GivenWeights(none, graph.parameters()))) {
            for (int clip = 0; clip < clips; clip++) {
                Map<String, HostTensor> single = new LinkedHashMap<>();
                for (Map.Entry<String, HostTensor> feed : feeds.entrySet()) {
                    single.put(feed.getKey(), batchOf(feed.getValue(), clip));
                }
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

    void plainMap(
            JsonNode plain, int[] shape, double epsilon, ActionPeople people, List<double[]> matrices, int actions) {
        GraphBuilder g = new GraphBuilder();
        Value map = ActionNetwork.map(g, g.parameter("input_map", Shape.of(shape)), epsilon);
        Shape matrixShape = Shape.of(shape[0], matrices.get(0).length / map.size(1), map.size(1));
        Value interpolation = g.constant(
                "matrices", HostTensor.of(matrixShape, flat(matrices)).to(DType.FLOAT32));
        Value logits = ActionNetwork.logits(g, map, interpolation, actions, 0);
        Value targets = g.input(ActionNetwork.TARGETS, Shape.of(shape[0], logits.size(1) * actions, 2));
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

    private static TorchTrainer trainer(Graph graph, WeightSource weights) {
        return new TorchTrainer(
                graph,
                LayerDecay.groups(graph.parameters(), 1, 1, 0),
                new OptimizerSettings.Sgd(0, false),
                weights,
                TorchTrainer.Options.DEFAULT);
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

    private static double[] flat(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
