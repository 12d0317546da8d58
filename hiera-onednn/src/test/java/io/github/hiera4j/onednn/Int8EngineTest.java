package io.github.hiera4j.onednn;

import static io.github.hiera4j.onednn.NanoInt8.ENGINE;
import static io.github.hiera4j.onednn.NanoInt8.INT8;
import static io.github.hiera4j.onednn.NanoInt8.NANO;
import static io.github.hiera4j.onednn.NanoInt8.logits;
import static io.github.hiera4j.onednn.NanoInt8.pixels;
import static io.github.hiera4j.onednn.NanoInt8.quantize;
import static io.github.hiera4j.onednn.NanoInt8.relativeError;
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
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.quantize.Quantizer;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How the engine computes with 8-bit integers: products of integers, no overflow, the same on every processor. */
class Int8EngineTest {
    private static Quantizer.Result usual;

    @BeforeAll
    static void quantizeOnce() {
        assumeTrue(ENGINE.supports(INT8).usable(), "int8 needs AVX2");
        usual = quantize(NANO, QuantizationSettings.DEFAULT);
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

    /** Every activation 255 and every weight ±64: pairs of products reach 32640, which still fit a 16-bit sum. */
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

    @Test
    void theResultDoesNotDependOnTheInstructionsForIntegers() throws Exception {
        // The same types of numbers in attention and norms: with AMX compared with VNNI, with VNNI compared with
        // neither.
        String fewer = OneDnnBackend.hasFastBfloat16() ? "AVX512_CORE_BF16" : "AVX2";
        assertThat(relativeError(logitsLimitedTo(fewer), LogitsProgram.logits()))
                .isLessThan(0.005);
    }

    @Test
    void computingAttentionInBfloat16ChangesLessThanTheQuantisation() throws Exception {
        float[] here = LogitsProgram.logits();
        float[] inFloat32 = NanoInt8.logits(NANO.graph(), NANO.weights(), CompileOptions.DEFAULT, pixels(NANO, 2))
                .toFloats();
        assertThat(relativeError(logitsLimitedTo("AVX2"), here)).isLessThan(relativeError(inFloat32, here));
    }

    /** Runs the program with fewer instructions. */
    private static float[] logitsLimitedTo(String instructions) throws Exception {
        JvmProcess.Result result = JvmProcess.of(LogitsProgram.class)
                .withEnvironment("ONEDNN_MAX_CPU_ISA", instructions)
                .run(60);
        assertThat(result.exitCode()).as(result.output()).isZero();
        float[] logits = new float[result.lines().size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Float.parseFloat(result.lines().get(i));
        }
        return logits;
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
            return NanoInt8.logits(NANO.graph(), weights, INT8, pixels(NANO, 2)).toFloats();
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
