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
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.quantize.QuantizationSettings.Range;
import io.github.hiera4j.model.quantize.Quantizer;
import io.github.hiera4j.model.quantize.SyntheticSamples;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models in int8: their error at any batch size, calibration, layers that stay in floating point. */
class Int8Test {
    /** The error that the default settings guarantee. */
    private static final double STATED_ERROR = QuantizationSettings.DEFAULT.errorBudget();

    private static Quantizer.Result usual;

    @BeforeAll
    static void quantizeOnce() {
        assumeTrue(ENGINE.supports(INT8).usable(), "int8 needs AVX2");
        usual = quantize(NANO, QuantizationSettings.DEFAULT);
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
}
