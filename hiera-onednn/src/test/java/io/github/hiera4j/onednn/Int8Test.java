package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.quantize.QuantizationSettings.Range;
import io.github.hiera4j.model.quantize.Quantizer;
import io.github.hiera4j.model.quantize.SyntheticSamples;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models in int8: their error, batches, the processor, refusals. */
class Int8Test {
    private static final OneDnnBackend ENGINE = new OneDnnBackend();
    private static final CompileOptions INT8 = CompileOptions.DEFAULT.withDtype(DType.INT8);
    private static final GoldenCase NANO = Goldens.read("nano_image");

    /** The error bound that the default settings guarantee. */
    private static final double STATED_ERROR = QuantizationSettings.DEFAULT.errorBudget();

    private static Quantizer.Result usual;

    @BeforeAll
    static void quantizeOnce() {
        assumeTrue(ENGINE.supports(INT8).usable(), "int8 needs AVX2");
        usual = quantize(NANO, QuantizationSettings.DEFAULT);
    }

    private static Quantizer.Result quantize(GoldenCase golden, QuantizationSettings settings) {
        HieraConfig config = (HieraConfig) golden.config();
        return new Quantizer(
                        config.inferenceGraph(),
                        Hiera.LOGITS,
                        golden.weights(),
                        ENGINE,
                        CompileOptions.DEFAULT,
                        settings)
                .quantize(samples(golden));
    }

    /** Noise like the pixels used in the tests. */
    private static List<HostTensor> samples(GoldenCase golden) {
        int[] sizes = golden.inputShape().sizes();
        sizes[0] = 1;
        return IntStream.range(0, 3)
                .mapToObj(number -> FormulaWeights.tensor("input.sample" + number, Shape.of(sizes)))
                .toList();
    }

    private static HostTensor logits(Graph graph, WeightSource weights, CompileOptions options, HostTensor pixels) {
        try (Session session = ENGINE.compile(graph.select(Hiera.LOGITS), weights, options)) {
            return Objects.requireNonNull(
                    session.run(Map.of(HieraEncoder.INPUT, pixels)).get(Hiera.LOGITS));
        }
    }

    private static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            reference += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / reference);
    }

    private static HostTensor pixels(GoldenCase golden, int batch) {
        int[] sizes = golden.inputShape().sizes();
        sizes[0] = batch;
        return FormulaWeights.tensor("input" + batch, Shape.of(sizes));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 16})
    void aNanoModelStaysNearFloat32AtAnyBatchSize(int batch) {
        Quantizer.Result result = usual;
        assertThat(result.kept()).isEmpty();
        assertThat(result.share()).isEqualTo(1);
        HostTensor input = pixels(NANO, batch);
        float[] exact = logits(NANO.graph(), NANO.weights(), CompileOptions.DEFAULT, input)
                .toFloats();
        HostTensor int8 = logits(NANO.graph(), result.model(), INT8, input);
        assertThat(relativeError(int8.toFloats(), exact)).isBetween(1e-6, STATED_ERROR);
        HostTensor last = int8.slice(batch - 1);
        HostTensor alone = logits(
                NANO.graph(),
                result.model(),
                INT8,
                input.slice(batch - 1).reshape(pixels(NANO, 1).shape()));
        assertThat(relativeError(last.toFloats(), alone.toFloats())).isLessThan(0.02);
    }

    @Test
    void aNanoVideoModelStaysNearFloat32() {
        GoldenCase video = Goldens.read("nano_video");
        Quantizer.Result result = quantize(video, QuantizationSettings.DEFAULT);
        HostTensor input = pixels(video, 2);
        float[] exact = logits(video.graph(), video.weights(), CompileOptions.DEFAULT, input)
                .toFloats();
        float[] int8 = logits(video.graph(), result.model(), INT8, input).toFloats();
        assertThat(relativeError(int8, exact)).isBetween(1e-6, STATED_ERROR);
    }

    @ParameterizedTest
    @EnumSource(Range.class)
    void everyRangeRuleWorksWithAndWithoutSmoothing(Range range) {
        for (double smoothing : List.of(0.0, 0.5)) {
            Quantizer.Result result = quantize(NANO, new QuantizationSettings(range, smoothing, 1));
            assertThat(result.relativeError()).as(range + " " + smoothing).isBetween(1e-6, STATED_ERROR);
        }
    }

    @Test
    void syntheticSamplesCalibrateAModel() {
        HieraConfig config = (HieraConfig) NANO.config();
        Int8Weights weights = Int8Weights.of(
                NANO.graph(), config, NANO.weights(), ENGINE, CompileOptions.DEFAULT, QuantizationSettings.DEFAULT);
        assertThat(weights.calibrated().orElseThrow().relativeError()).isBetween(1e-6, STATED_ERROR);
        assertThat(weights.description()).contains("calibrated on 8 built-in synthetic samples");
        HostTensor first = SyntheticSamples.of(config, 1).get(0);
        assertThat(first.toFloats())
                .containsExactly(SyntheticSamples.of(config, 2).get(0).toFloats());
    }

    @Test
    void smoothingChangesNothingInFloat32() {
        QuantizationSettings smooth = new QuantizationSettings(Range.MSE, 0.8, 1);
        HostTensor input = pixels(NANO, 1);
        float[] exact = logits(NANO.graph(), NANO.weights(), CompileOptions.DEFAULT, input)
                .toFloats();
        float[] smoothed = logits(NANO.graph(), quantize(NANO, smooth).model(), CompileOptions.DEFAULT, input)
                .toFloats();
        assertThat(relativeError(smoothed, exact)).isBetween(1e-9, 1e-5);
    }

    @Test
    void layersStayInFloatingPointToMeetATightBudget() {
        double whole = usual.relativeError();
        double budget = whole / 2;
        Quantizer.Result result = quantize(NANO, new QuantizationSettings(Range.MSE, 0.5, budget));
        assertThat(result.relativeError()).isLessThanOrEqualTo(budget);
        assertThat(result.kept()).isNotEmpty();
        assertThat(result.quantized()).isNotEmpty().doesNotContainAnyElementsOf(result.kept());
        assertThat(result.share()).isBetween(0.01, 0.99);
    }

    @Test
    void aBudgetThatNothingMeetsIsRefusedInOneLine() {
        QuantizationSettings impossible = new QuantizationSettings(Range.MSE, 0.5, 1e-7);
        Quantizer.Result result = quantize(NANO, impossible);
        assertThatThrownBy(() -> result.requireWithin(impossible))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("in int8 the error of its outputs is")
                .hasMessageContaining("budget of 1.00e-07")
                .hasMessageNotContaining("\n");
    }

    @Test
    void linearLayersAreProductsOfIntegers() {
        Quantizer.Result result = usual;
        try (OneDnnSession session = ENGINE.compile(NANO.graph().select(Hiera.LOGITS), result.model(), INT8)) {
            List<StepTime> steps = session.profile(Map.of(HieraEncoder.INPUT, pixels(NANO, 1)), List.of(Hiera.LOGITS));
            List<String> floating = steps.stream()
                    .filter(step ->
                            step.kind().startsWith("Linear") && !step.kind().endsWith("int8"))
                    .map(StepTime::node)
                    .toList();
            assertThat(floating).containsExactly("head.projection");
            assertThat(steps).noneMatch(step -> step.implementation().startsWith("ref"));
        }
    }

    @Test
    void weightsWithoutScalesAreRefused() {
        assertThatThrownBy(() -> ENGINE.compile(NANO.graph(), NANO.weights(), INT8))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("no layer of it is quantised")
                .hasMessageContaining("hiera quantize");
    }

    /** Every activation is 255 and every weight ±64: pairs of products reach 32640, which just fits in a 16-bit sum. */
    private static final class Extreme extends DerivedWeights {
        static final int WIDTH = 96;

        Extreme(Graph graph) {
            super(new FormulaWeights(graph.parameters()));
        }

        @Override
        public HostTensor read(String name) {
            HostTensor tensor = super.read(name);
            for (int i = 0; i < tensor.elements(); i++) {
                float value = name.equals("norm.weight") ? 0 : name.equals("norm.bias") ? 127 : 0;
                boolean negative = i / WIDTH % 2 == 1;
                tensor.floats().put(i, name.equals("wide.weight") ? (negative ? -64 : 64) : value);
            }
            return tensor;
        }

        @Override
        public void readInto(String name, HostTensor target) {
            read(name).copyTo(target);
        }

        @Override
        public Optional<LinearQuantization> quantization(String weight) {
            return Optional.of(new LinearQuantization(1, 128, LinearQuantization.weightScales(read(weight))));
        }
    }

    @Test
    void sumsOfTheLargestProductsDoNotOverflow() {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("x", Shape.batched(7, Extreme.WIDTH));
        g.output("y", g.linear(g.layerNorm(x, "norm", 1e-6), "wide", 48));
        Graph graph = g.build();
        HostTensor input = FormulaWeights.tensor("input", Shape.of(1, 7, Extreme.WIDTH));
        try (Session session = ENGINE.compile(graph, new Extreme(graph), INT8)) {
            float[] sums = Objects.requireNonNull(
                            session.run(Map.of("x", input)).get("y"))
                    .toFloats();
            for (int i = 0; i < sums.length; i++) {
                float expected = (i % 2 == 0 ? 64f : -64f) * 127 * Extreme.WIDTH;
                assertThat(sums[i]).as("element " + i).isCloseTo(expected, within(2f));
            }
        }
    }

    /** This processor limited to instructions without VNNI gives the same results. */
    @Test
    void theResultDoesNotDependOnTheProcessor() throws Exception {
        JvmProcess.Result result = JvmProcess.of(LogitsProgram.class)
                .withEnvironment("ONEDNN_MAX_CPU_ISA", "AVX2")
                .run(60);
        assertThat(result.exitCode()).as(result.output()).isZero();
        float[] here = LogitsProgram.logits();
        float[] there = new float[here.length];
        for (int i = 0; i < there.length; i++) {
            there[i] = Float.parseFloat(result.lines().get(i));
        }
        boolean sameFloats = !OneDnnBackend.hasFastBfloat16(); // otherwise attention is in bfloat16 here
        assertThat(relativeError(there, here)).isLessThan(sameFloats ? 0.005 : 0.03);
    }

    /** Prints the logits of a model whose scales do not depend on the processor. */
    static final class LogitsProgram {
        private LogitsProgram() {}

        public static void main(String[] arguments) {
            for (float logit : logits()) {
                System.out.println(logit);
            }
        }

        static float[] logits() {
            WeightSource weights = new DerivedWeights(NANO.weights()) {
                @Override
                public Optional<LinearQuantization> quantization(String weight) {
                    return weight.startsWith("blocks.")
                            ? Optional.of(
                                    new LinearQuantization(0.04f, 128, LinearQuantization.weightScales(read(weight))))
                            : Optional.empty();
                }
            };
            return Int8Test.logits(NANO.graph(), weights, INT8, pixels(NANO, 2)).toFloats();
        }
    }

    @Test
    void closingFreesEverything() {
        WeightSource model = usual.model();
        long before = OneDnnSession.liveNativeBytes();
        try (OneDnnSession session = ENGINE.compile(NANO.graph(), model, INT8)) {
            session.run(Map.of(HieraEncoder.INPUT, pixels(NANO, 3)), List.of(Hiera.LOGITS));
            assertThat(session.nativeBytes()).isPositive();
        }
        assertThat(OneDnnSession.liveNativeBytes()).isEqualTo(before);
    }
}
