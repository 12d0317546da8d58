package io.github.hiera4j.torch.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.RandomConfigs;
import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.RandomSource;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The graph's own gradient against libtorch's autograd, on configurations that no golden covers; a failure names its seed. */
class GradientAgreementTest {
    private static final int BATCH = 3;
    private static final double DROP_PATH = 0.3;
    private static final long NOISE_SEED = 11;

    static LongStream seeds() {
        return LongStream.range(1, 1 + Long.getLong("hiera.random.configs", 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyGradientIsAutogradsOnAnyConfiguration(long seed) {
        compare(seed, false);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyGradientIsAutogradsWithGradientCheckpointing(long seed) {
        compare(seed, true);
    }

    /** Windows with and without padding, global blocks, rectangles, with and without a window embedding. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyGradientOfATrunkIsAutograds(long seed) {
        Random random = new Random(seed);
        int window = 4 * (1 + random.nextInt(2));
        HieraDetConfig config = HieraDetConfig.builder()
                .inputSize(List.of(32 * (1 + random.nextInt(2)), 32 * (1 + random.nextInt(2))))
                .embedDim(4)
                .stages(List.of(1, 2, 2))
                .qPool(2)
                .windows(List.of(window, 2 * (1 + random.nextInt(3)), 1 + random.nextInt(5)))
                .globalBlocks(random.nextBoolean() ? Set.of(4) : Set.of())
                .positionGrid(List.of(3, 2))
                .windowEmbedding(random.nextBoolean() ? 4 : 0)
                .dropPathRate(DROP_PATH)
                .build();
        HieraDet trunk = new HieraDet(config);
        GraphBuilder g = new GraphBuilder();
        Value loss = null;
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        for (Value map : trunk.build(g.scope("trunk"), trunk.input(g))) {
            Value target = g.input("target" + feeds.size(), map.shape());
            feeds.put(
                    target.name(),
                    FormulaWeights.tensor("input_" + feeds.size(), map.shape().withBatch(BATCH)));
            Value difference = g.meanSquaredError(map, target);
            loss = loss == null ? difference : g.add(loss, difference);
        }
        g.output(TorchTrainer.LOSS, Objects.requireNonNull(loss));
        compare(g.build(), feeds, random.nextBoolean(), "seed " + seed + ": " + config);
    }

    /** Element-wise functions, and products of computed matrices, one of which is repeated over the batch. */
    @ParameterizedTest
    @EnumSource(Function.class)
    void everyGradientOfFunctionsAndMatrixProductsIsAutograds(Function function) {
        GraphBuilder g = new GraphBuilder();
        Value pixels = g.input(HieraEncoder.INPUT, Shape.batched(3, 8, 8));
        Value any = g.linear(g.reshape(pixels, Shape.batched(24, 8)), "rows", 6);
        Value rows = function == Function.INVERSE_SQUARE_ROOT ? g.elementwise(any, Function.SIGMOID) : any; // above 0
        Value bent = g.elementwise(rows, function); // [B, 24, 6]
        Value left = g.matrixProduct(g.parameter("left", Shape.of(1, 5, 24)), bent); // [B, 5, 6]
        Value right = g.matrixProduct(left, g.parameter("right", Shape.of(1, 6, 4))); // [B, 5, 4]
        Value both = g.matrixProduct(right, g.permute(right, List.of(0, 2, 1))); // [B, 5, 5]
        Value target = g.input("target", both.shape());
        g.output(TorchTrainer.LOSS, g.meanSquaredError(both, target));
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put("target", FormulaWeights.tensor("input_target", both.shape().withBatch(BATCH)));
        compare(g.build(), feeds, false, function.name());
    }

    private static void compare(long seed, boolean checkpointing) {
        ModelConfig config = trainable(RandomConfigs.draw(seed));
        Random random = new Random(seed);
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        Graph graph =
                config instanceof MaeConfig mae ? reconstructing(mae, random, feeds) : naming(config.encoder(), feeds);
        compare(graph, feeds, checkpointing, "seed " + seed + ": " + config);
    }

    private static void compare(Graph graph, Map<String, HostTensor> feeds, boolean checkpointing, String what) {
        Shape pixels =
                Objects.requireNonNull(graph.inputs().get(HieraEncoder.INPUT)).shape();
        feeds.put(HieraEncoder.INPUT, FormulaWeights.tensor("input", pixels.withBatch(BATCH)));

        Map<String, HostTensor> expected = autograd(graph, feeds);

        var options = new TorchTrainer.Options(DType.FLOAT64, TestedDevice.NAME, 0, checkpointing, false);
        var all = List.of(new ParameterGroup(List.copyOf(graph.parameters().keySet()), 1, 0));
        var settings = new OptimizerSettings.AdamW(0.9, 0.95, 1e-8);
        try (TorchTrainer trainer =
                new TorchTrainer(graph, all, settings, new FormulaWeights(graph.parameters()), options)) {
            trainer.backward(feeds, 1, NOISE_SEED);
            expected.forEach((name, gradient) -> assertThat(difference(gradient, trainer.gradient(name)))
                    .as("gradient of %s, %s", name, what)
                    .isLessThan(2e-6));
        }
    }

    private static ModelConfig trainable(ModelConfig config) {
        HieraConfig encoder = config.encoder().toBuilder()
                .dropPathRate(DROP_PATH)
                .numClasses(config instanceof MaeConfig ? 0 : 5)
                .build();
        return config instanceof MaeConfig mae
                ? new MaeConfig(encoder, mae.decoderEmbedDim(), mae.decoderDepth(), mae.decoderNumHeads())
                : encoder;
    }

    private static Graph reconstructing(MaeConfig mae, Random random, Map<String, HostTensor> feeds) {
        int units = mae.encoder().unitGrid().stream().reduce(1, Math::multiplyExact);
        double ratio = 1 - (1 + random.nextInt(units - 1) + 0.5) / units;
        feeds.putAll(MaskUnits.random(mae, BATCH, ratio, random).feeds(mae));
        return new HieraMae(mae).trainingGraph(ratio).select(HieraMae.LOSS);
    }

    private static Graph naming(HieraConfig config, Map<String, HostTensor> feeds) {
        float[] targets = new float[BATCH * config.numClasses()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = 0.1f + i % 3; // sums that are not 1 are legal
        }
        feeds.put(Hiera.TARGETS, HostTensor.of(Shape.of(BATCH, config.numClasses()), targets));
        return new Hiera(config).trainingGraph().select(Hiera.LOSS);
    }

    private static Map<String, HostTensor> autograd(Graph graph, Map<String, HostTensor> inputs) {
        FormulaWeights weights = new FormulaWeights(graph.parameters());
        try (TensorScope scope = new TensorScope();
                RandomSource random = new RandomSource(NOISE_SEED)) {
            Device device = new Device(TestedDevice.NAME);
            Map<String, Tensor> leaves = new LinkedHashMap<>();
            graph.parameters()
                    .forEach((name, shape) -> leaves.put(
                            name,
                            NativeTensors.copyOf(weights.read(name), device, ScalarType.Double)
                                    .set_requires_grad(true)));
            Map<String, Tensor> feeds = Feeding.feeds(scope, graph, inputs, device, ScalarType.Double);
            Tensor loss = Objects.requireNonNull(graph.execute(
                            new TorchKernels(scope, ScalarType.Double, device, random),
                            name -> Objects.requireNonNull(leaves.get(name)),
                            feeds)
                    .get(TorchTrainer.LOSS));
            loss.sum().backward();
            Map<String, HostTensor> gradients = new LinkedHashMap<>();
            leaves.forEach((name, leaf) -> gradients.put(name, NativeTensors.toHost(leaf.grad())));
            return gradients;
        }
    }

    /** The largest difference in units of the tensor's root mean square. */
    private static double difference(HostTensor expected, HostTensor actual) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double largest = 0;
        double squares = 0;
        for (int i = 0; i < expected.elements(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i) - actual.get(i)));
            squares += Math.pow(expected.get(i), 2);
        }
        return largest / Math.max(Math.sqrt(squares / expected.elements()), 1e-9);
    }
}
