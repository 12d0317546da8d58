package io.github.hiera4j.model.mae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The paper's variants of the autoencoder: fusion, depth of the decoder, targets. */
class AblationsTest {
    private static final HieraConfig SMALL = HieraConfig.image()
            .inputSize(List.of(32, 64))
            .embedDim(8)
            .numHeads(1)
            .stages(List.of(1, 1, 1))
            .qPool(1)
            .maskUnitSize(List.of(4, 4))
            .maskUnitAttn(List.of(true, true, false))
            .numClasses(0)
            .build();
    private static final MaeConfig MAE = new MaeConfig(SMALL, 16, 1, 2);
    private static final MaeConfig WIDE_PATCHES = new MaeConfig(
            HieraConfig.image()
                    .inputSize(List.of(32, 64))
                    .embedDim(8)
                    .numHeads(1)
                    .stages(List.of(1, 1, 1, 1))
                    .qPool(2)
                    .numClasses(0)
                    .build(),
            16,
            1,
            2);

    /** Waves whose histograms were computed in PyTorch by Sobel convolutions and scattered votes. */
    private static HostTensor waves() {
        float[] values = new float[2 * 3 * 32 * 64];
        int at = 0;
        for (int b = 0; b < 2; b++) {
            for (int c = 0; c < 3; c++) {
                for (int y = 0; y < 32; y++) {
                    for (int x = 0; x < 64; x++) {
                        values[at++] = (float) (Math.sin(0.05 * y * y + 0.3 * x * (c + 1) + b * x * 0.17)
                                + 0.5 * Math.cos(0.4 * y * (b + 1) - 0.02 * x * x));
                    }
                }
            }
        }
        return HostTensor.of(Shape.of(2, 3, 32, 64), values);
    }

    private static final float[] TOKEN_13 = {
        0.456494f, 0.345051f, 0.662716f, 0.058442f, 0.096079f, 0.024178f, 0.073665f, 0.141942f, 0.441084f, 0.498863f,
        0.257755f, 0.690935f, 0.393408f, 0.021925f, 0.008013f, 0.037692f, 0.083381f, 0.208852f, 0.314938f, 0.417239f,
        0.630578f, 0.546962f, 0.141183f, 0.0f, 0.018838f, 0.048291f, 0.085497f
    };
    private static final float[] PART_OF_TOKEN_6 = {
        0.095144f, 0.078087f, 0.222707f, 0.559386f, 0.029515f, 0.187614f, 0.378887f, 0.297548f, 0.464795f, 0.272919f,
        0.464926f, 0.438305f, 0.181804f, 0.043132f, 0.220298f, 0.279077f, 0.307624f, 0.559512f, 0.286874f, 0.327818f
    };

    @Test
    void histogramsOfGradientsAreThoseOfPyTorch() {
        MaeConfig hog = MAE.withTarget(MaeTarget.HOG);
        assertThat(hog.predictionDim()).isEqualTo(27);
        HostTensor histograms = HogTargets.of(hog, waves());
        assertThat(histograms.shape()).isEqualTo(Shape.of(2, 32, 27));
        float[] token = histograms.slice(1).slice(13).toFloats();
        for (int i = 0; i < TOKEN_13.length; i++) {
            assertThat(token[i]).as("value %d", i).isCloseTo(TOKEN_13[i], within(2e-4f));
        }
    }

    @Test
    void aPatchOfFourCellsHasTheirHistogramsRowByRow() {
        MaeConfig hog = WIDE_PATCHES.withTarget(MaeTarget.HOG);
        assertThat(hog.predictionDim()).isEqualTo(108);
        float[] token = HogTargets.of(hog, waves()).slice(0).slice(6).toFloats();
        for (int i = 0; i < PART_OF_TOKEN_6.length; i++) {
            assertThat(token[50 + i]).as("value %d", i).isCloseTo(PART_OF_TOKEN_6[i], within(2e-4f));
        }
    }

    /** Computes the same directly from the definition: cell by cell, orientation by orientation. */
    @Test
    void everyHistogramFollowsTheDefinition() {
        MaeConfig hog = MAE.withTarget(MaeTarget.HOG);
        HostTensor pixels = waves();
        float[] all = HogTargets.of(hog, pixels).toFloats();
        double[][] sobel = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}};
        double largest = 0;
        int at = 0;
        for (int b = 0; b < 2; b++) {
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 8; column++) {
                    for (int c = 0; c < 3; c++) {
                        double[] votes = new double[9];
                        for (int i = 0; i < 64; i++) {
                            double[] gradient = new double[2];
                            for (int k = 0; k < 9; k++) {
                                int y = reflect(8 * row + i / 8 + k / 3 - 1, 32);
                                int x = reflect(8 * column + i % 8 + k % 3 - 1, 64);
                                double value = pixels.get(((b * 3 + c) * 32 + y) * 64 + x);
                                gradient[0] += sobel[k / 3][k % 3] * value;
                                gradient[1] += sobel[k % 3][k / 3] * value;
                            }
                            double turn = Math.atan2(gradient[0], gradient[1]) / Math.PI; // of half a turn
                            turn -= Math.floor(turn);
                            votes[(int) Math.min(8, turn * 9)] += Math.hypot(gradient[0], gradient[1]);
                        }
                        double length = 0;
                        for (double vote : votes) {
                            length += vote * vote;
                        }
                        for (double vote : votes) {
                            largest = Math.max(largest, Math.abs(vote / Math.sqrt(length) - all[at++]));
                        }
                    }
                }
            }
        }
        assertThat(largest).isLessThan(1e-5);
    }

    private static int reflect(int position, int size) {
        return position < 0 ? 1 : position >= size ? size - 2 : position;
    }

    @Test
    void brightnessAndContrastDoNotChangeHistograms() {
        MaeConfig hog = MAE.withTarget(MaeTarget.HOG);
        float[] plain = waves().toFloats();
        float[] changed = plain.clone();
        for (int i = 0; i < changed.length; i++) {
            changed[i] = 2 * changed[i] + 8;
        }
        float[] a = HogTargets.of(hog, waves()).toFloats();
        float[] b = HogTargets.of(hog, HostTensor.of(Shape.of(2, 3, 32, 64), changed))
                .toFloats();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        assertThat(sum / a.length).isLessThan(1e-3); // a vote at the border of two bins may fall into either
        float[] even = HogTargets.of(hog, HostTensor.of(Shape.of(1, 3, 32, 64), new float[3 * 32 * 64]))
                .toFloats();
        assertThat(even).containsOnly(0f);
    }

    @Test
    void patchesMustHoldWholeCells() {
        HieraConfig fine = SMALL.toBuilder().qPool(0).build(); // patches of 4 pixels
        assertThatThrownBy(() -> new MaeConfig(fine, 16, 1, 2).withTarget(MaeTarget.HOG))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("8 x 8 pixels")
                .hasMessageContaining("4 pixels");
    }

    private static Map<String, HostTensor> run(MaeConfig config) {
        Graph graph = new HieraMae(config).inferenceGraph(0.5);
        HostTensor pixels = waves();
        Map<String, HostTensor> feeds = new HashMap<>();
        feeds.put(HieraEncoder.INPUT, pixels);
        feeds.putAll(HogTargets.feeds(config, feeds));
        feeds.putAll(MaskUnits.random(config, 2, 0.5, new Random(1)).feeds(config));
        try (Session session =
                new ReferenceBackend().compile(graph, new FormulaWeights(graph.parameters()), CompileOptions.DEFAULT)) {
            return session.run(feeds);
        }
    }

    private static HostTensor output(Map<String, HostTensor> results, String name) {
        return Objects.requireNonNull(results.get(name), name);
    }

    @Test
    void withHistogramsTheLossIsTheirDistance() {
        Map<String, HostTensor> results = run(MAE.withTarget(MaeTarget.HOG));
        HostTensor target = output(results, HieraMae.TARGET);
        HostTensor prediction = output(results, HieraMae.PREDICTION);
        assertThat(target.shape()).isEqualTo(prediction.shape()).isEqualTo(Shape.of(2, 16, 27));
        double sum = 0;
        for (int i = 0; i < target.elements(); i++) {
            sum += Math.pow(target.get(i) - prediction.get(i), 2);
        }
        assertThat(output(results, HieraMae.LOSS).get(0)).isCloseTo(sum / target.elements(), within(1e-6));
    }

    @Test
    void pixelsAsTheyAreAreTheStandardisedOnesBeforeScaling() {
        float[] raw =
                output(run(MAE.withTarget(MaeTarget.PIXELS)), HieraMae.TARGET).toFloats();
        float[] normalised = output(run(MAE), HieraMae.TARGET).toFloats();
        int patch = MAE.predictionDim();
        assertThat(patch).isEqualTo(192);
        double mean = 0;
        for (int i = 0; i < patch; i++) {
            mean += raw[i] / patch;
        }
        double variance = 0;
        for (int i = 0; i < patch; i++) {
            variance += (raw[i] - mean) * (raw[i] - mean) / (patch - 1);
        }
        for (int i = 0; i < patch; i++) {
            assertThat((double) normalised[i]).isCloseTo((raw[i] - mean) / Math.sqrt(variance + 1e-6), within(1e-4));
        }
    }

    @Test
    void withoutFusionTheDecoderSeesTheLastStageAlone() {
        MaeConfig alone = MAE.withFusion(false);
        assertThat(alone.inferenceGraph().parameters().keySet()).noneMatch(name -> name.contains("fusion"));
        Map<String, HostTensor> results = run(alone);
        assertThat(output(results, HieraMae.LATENT).shape())
                .isEqualTo(output(results, "stage3").shape());
        assertThat(output(run(MAE), HieraMae.LATENT).toFloats())
                .isNotEqualTo(output(results, HieraMae.LATENT).toFloats());
    }

    @Test
    void theDecoderHasAsManyBlocksAsAskedFor() {
        assertThat(MAE.withDecoderDepth(3).inferenceGraph().parameters().keySet())
                .contains("decoder_blocks.2.norm1.weight")
                .doesNotContain("decoder_blocks.3.norm1.weight");
    }
}
