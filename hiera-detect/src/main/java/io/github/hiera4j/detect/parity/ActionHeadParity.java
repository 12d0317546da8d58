package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;

import io.github.hiera4j.detect.action.ActionNetwork;
import io.github.hiera4j.detect.geometry.Boxes;
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
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.optimize.LayerDecay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** The action head against its figures: map, logits, scores and loss on an engine, gradients where it is libtorch. */
final class ActionHeadParity {
    private static final double FLOAT64 = 1e-12;
    private static final double FLOAT32 = 2e-6;
    private static final double BFLOAT16 = 5e-2;
    private static final double GRADIENT = 5e-5; // of the tensor's root mean square
    private static final String PIXELS = "pixel_change";

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

    /** Boxes by clip, in the order of the file, and their labels from 0. */
    private record People(List<List<double[]>> boxes, List<List<int[]>> labels, List<Integer> slots, int most) {
        static People read(JsonNode json, int clips) {
            List<List<double[]>> boxes = new ArrayList<>();
            List<List<int[]>> labels = new ArrayList<>();
            List<Integer> slots = new ArrayList<>();
            for (int clip = 0; clip < clips; clip++) {
                boxes.add(new ArrayList<>());
                labels.add(new ArrayList<>());
            }
            for (int i = 0; i < json.path("boxes").size(); i++) {
                double[] row = doubles(json.path("boxes").path(i));
                int clip = (int) row[0];
                slots.add(boxes.get(clip).size());
                boxes.get(clip).add(Arrays.copyOfRange(row, 1, 5));
                labels.get(clip)
                        .add(Arrays.stream(Findings.integers(json.path("labels").path(i)))
                                .map(label -> label - 1)
                                .toArray());
            }
            int most = boxes.stream().mapToInt(List::size).max().orElse(0);
            return new People(boxes, labels, slots, most);
        }

        Boxes padded(int clip) {
            double[] corners = new double[4 * most];
            for (int i = 0; i < boxes.get(clip).size(); i++) {
                System.arraycopy(boxes.get(clip).get(i), 0, corners, 4 * i, 4);
            }
            return Boxes.of(corners);
        }

        /** All boxes in the order of the file, without padding. */
        static Boxes inFileOrder(JsonNode json) {
            double[] corners = new double[4 * json.path("boxes").size()];
            for (int i = 0; i < json.path("boxes").size(); i++) {
                System.arraycopy(doubles(json.path("boxes").path(i)), 1, corners, 4 * i, 4);
            }
            return Boxes.of(corners);
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
        People people = People.read(nano, shape[0]);
        Graph trunk = network.trunkGraph();
        double[] map;
        try (Session session = backend.compile(trunk, new FormulaWeights(trunk.parameters()), options)) {
            map = output(session, Map.of(HieraEncoder.INPUT, pixels), ActionNetwork.MAP);
        }
        int cells = network.mapHeight() * network.mapWidth();
        findings.summary("nano mean_map", nano.path("mean_map"), channelsFirst(map, shape[0], cells), allowed);
        List<double[]> matrices = new ArrayList<>();
        for (int clip = 0; clip < shape[0]; clip++) {
            matrices.add(network.interpolation(people.padded(clip)));
        }
        int width = map.length / (shape[0] * cells);
        HostTensor fed = tensor(map, shape[0], cells, width);
        head("nano", nano, people, fed, network.interpolation(People.inFileOrder(nano)), config.numClasses());
        if (backend.name().equals("torch")) {
            gradientsOfNano(nano, network, people, pixels, matrices);
        }
    }

    /** The head on a map that the formula gives, with weights and matrices of any precision. */
    private void plainMap(JsonNode json) {
        JsonNode plain = json.path("plain_map");
        int[] shape = Findings.integers(plain.path("map_shape"));
        int actions = json.path("config").path("classes").asInt();
        double epsilon = json.path("config").path("norm_eps").asDouble();
        People people = People.read(plain, shape[0]);
        List<double[]> matrices = new ArrayList<>();
        for (int clip = 0; clip < shape[0]; clip++) {
            matrices.add(ActionNetwork.interpolation(
                    people.padded(clip),
                    shape[2],
                    shape[3],
                    plain.path("stride").asDouble()));
        }
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
        double[] inFileOrder = ActionNetwork.interpolation(
                People.inFileOrder(plain),
                shape[2],
                shape[3],
                plain.path("stride").asDouble());
        head("plain", plain, people, tensor(computed, shape[0], cells, shape[4]), inFileOrder, actions);
        if (backend.name().equals("torch")) {
            gradientsOfPlainMap(plain, shape, epsilon, people, matrices, actions);
        }
    }

    /** Logits, scores and the loss, box by box. Only parameters keep float64, which the reference engine is compared in. */
    private void head(String name, JsonNode figures, People people, HostTensor maps, double[] matrices, int actions) {
        int cells = maps.shape().size(1);
        int width = maps.shape().size(2);
        int boxes = people.slots().size();
        double[] perBox = new double[boxes * cells * width];
        for (int i = 0; i < boxes; i++) {
            int clip = figures.path("boxes").path(i).path(0).asInt();
            double[] map = maps.slice(clip).toDoubles();
            System.arraycopy(map, 0, perBox, i * map.length, map.length);
        }
        HostTensor map = tensor(perBox, boxes, cells, width);
        GraphBuilder g = new GraphBuilder();
        Shape matrixShape = Shape.of(boxes, matrices.length / boxes / cells, cells);
        boolean exact = allowed == FLOAT64;
        Value mapValue = exact ? g.parameter("map", map.shape()) : g.input("map", map.shape());
        Value matrixValue = exact ? g.parameter("interpolation", matrixShape) : g.input("interpolation", matrixShape);
        Value logits = ActionNetwork.logits(g, mapValue, matrixValue, actions, 0);
        g.output(ActionNetwork.LOGITS, logits);
        g.output(ActionNetwork.SCORES, g.elementwise(logits, Function.SIGMOID));
        Graph graph = g.build();
        Map<String, HostTensor> given = new LinkedHashMap<>();
        given.put("map", map);
        given.put("interpolation", HostTensor.of(matrixShape, matrices));
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        graph.inputs()
                .forEach((input, node) -> feeds.put(
                        input, Objects.requireNonNull(given.get(input)).to(DType.FLOAT32)));
        try (Session session = backend.compile(graph, new GivenWeights(given, graph.parameters()), options)) {
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

    /** The definition of the loss, of logits in the order of the file. */
    private static double binaryCrossEntropy(double[] logits, People people, JsonNode rows, int actions) {
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

    /** Gradients of all parameters in one pass; of the pixels clip by clip, where they are a parameter of one clip. */
    private void gradientsOfNano(
            JsonNode nano, ActionNetwork network, People people, HostTensor pixels, List<double[]> matrices) {
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
                    "nano training loss", new double[] {nano.path("loss").asDouble()}, new double[] {loss}, FLOAT32);
            nano.path("grad").forEachEntry((name, summary) -> gradient("nano", name, summary, trainer.gradient(name)));
        }
        gradientOfPixels(nano, network, people, feeds);
    }

    private void gradientOfPixels(JsonNode nano, ActionNetwork network, People people, Map<String, HostTensor> feeds) {
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

    private void gradientsOfPlainMap(
            JsonNode plain, int[] shape, double epsilon, People people, List<double[]> matrices, int actions) {
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
                    "plain training loss", new double[] {plain.path("loss").asDouble()}, new double[] {loss}, FLOAT32);
            gradient("plain", "map", plain.path("grad_map"), trainer.gradient("input_map"));
            plain.path("grad")
                    .forEachEntry((name, summary) -> gradient("plain", name, summary, trainer.gradient(name)));
        }
    }

    private static TorchTrainer trainer(Graph graph, io.github.hiera4j.model.weights.WeightSource weights) {
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

    private static double[] output(Session session, Map<String, HostTensor> feeds, String name) {
        return Objects.requireNonNull(session.run(feeds, List.of(name)).get(name))
                .toDoubles();
    }

    private HostTensor tensor(double[] values, int... shape) {
        return HostTensor.of(Shape.of(shape), values);
    }

    private static double[] flat(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** {@code [B, cells, C]} as the file has it: {@code [B, C, cells]}. */
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
