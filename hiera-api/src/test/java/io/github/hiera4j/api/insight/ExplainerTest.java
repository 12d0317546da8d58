package io.github.hiera4j.api.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.explain.Attribution;
import io.github.hiera4j.api.insight.explain.Explainer;
import io.github.hiera4j.api.insight.explain.Faithfulness;
import io.github.hiera4j.api.insight.explain.IntegratedGradients;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.GradientSession;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainerTest {
    private static final Path IMAGE_MODEL = TestFiles.checkpoint("nano_official.pth");

    /** Compares the gradient with a difference quotient of scores in the double precision of the reference backend. */
    @ParameterizedTest
    @ValueSource(strings = {"nano_official.pth", "nano_video_official.pth"})
    void theGradientByThePixelsIsTheSlopeOfTheScore(String checkpoint) {
        LoadOptions options = LoadOptions.DEFAULT.withBackend("reference");
        try (Explainer explainer = Explainer.load(TestFiles.checkpoint(checkpoint), options, null)) {
            HostTensor view = Views.noise(explainer.model().encoder(), 11);
            HostTensor direction = Views.noise(explainer.model().encoder(), 12);
            float[] weights = new float[explainer.classes()];
            weights[1] = 1;
            GradientSession.Pass pass = explainer
                    .model()
                    .differentiate(
                            view,
                            Hiera.LOGITS,
                            HostTensor.of(Shape.of(1, weights.length), weights),
                            List.of(HieraEncoder.INPUT));
            float[] gradient = Objects.requireNonNull(pass.gradients().get(HieraEncoder.INPUT))
                    .toFloats();
            double expected = 0;
            for (int i = 0; i < gradient.length; i++) {
                expected += gradient[i] * direction.get(i);
            }
            double step = 2e-5; // small, because the maxima of pooled queries can change
            double slope =
                    (score(explainer, moved(view, direction, step)) - score(explainer, moved(view, direction, -step)))
                            / (2 * step);
            assertThat(expected).isCloseTo(slope, within(5e-3 * Math.abs(slope)));
        }
    }

    private static double score(Explainer explainer, HostTensor view) {
        return explainer.model().run(view, Hiera.LOGITS).slice(0).get(1);
    }

    private static HostTensor moved(HostTensor view, HostTensor direction, double step) {
        float[] values = view.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (step * direction.get(i));
        }
        return HostTensor.of(view.shape(), values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nano_official.pth", "nano_video_official.pth"})
    void integratedGradientsSumToTheDifferenceOfScoresWithinOnePercent(String checkpoint) {
        try (Explainer explainer = Explainer.load(TestFiles.checkpoint(checkpoint), LoadOptions.DEFAULT, null)) {
            HostTensor view = Views.square(explainer.model().encoder(), 8, 8, 40);
            IntegratedGradients result = explainer.integratedGradients(view, mostChanged(explainer, view));
            assertThat(result.agrees())
                    .as("sum %s, difference %s", result.sum(), result.difference())
                    .isTrue();
            double sum = 0;
            for (Grid map : result.attribution().maps()) {
                for (float value : map.values()) {
                    sum += value;
                }
            }
            assertThat(sum).isCloseTo(result.difference(), within(0.011 * Math.abs(result.difference())));
            assertThat(result.attribution().maps()).hasSize(explainer.model().frames());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void integratedGradientsOfNoiseSumToTheDifferenceOfScoresWithinOnePercent(long seed) {
        try (Explainer explainer = Explainer.load(IMAGE_MODEL, LoadOptions.DEFAULT, null)) {
            HostTensor shape = Views.square(explainer.model().encoder(), 8, 8, 40);
            java.util.Random random = new java.util.Random(seed);
            float[] noise = new float[shape.elements()];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (1.5 * random.nextGaussian());
            }
            HostTensor view = HostTensor.of(shape.shape(), noise);
            IntegratedGradients result = explainer.integratedGradients(view, mostChanged(explainer, view));
            assertThat(result.sum()).isCloseTo(result.difference(), within(0.01 * Math.abs(result.difference())));
        }
    }

    @Test
    void anObjectShiftedByAMaskUnitShiftsTheMapsByAMaskUnit() {
        try (Explainer explainer = Explainer.load(IMAGE_MODEL, LoadOptions.DEFAULT, null)) {
            for (int[] corner : new int[][] {{0, 32}, {32, 32}}) {
                HostTensor view = Views.square(explainer.model().encoder(), corner[0], corner[1], 32);
                Grid gradients = explainer
                        .integratedGradients(view, 0)
                        .attribution()
                        .maps()
                        .get(0);
                Grid covered = explainer.occlusion(view, 0).maps().get(0);
                for (Grid map : List.of(gradients, covered)) {
                    int unit = map.rows() / 2; // the model sees 64 pixels, in mask units of 32
                    for (int y = 0; y < map.rows(); y++) {
                        for (int x = 0; x < map.columns(); x++) {
                            boolean inside = y / unit == corner[0] / 32 && x / unit == corner[1] / 32;
                            if (!inside) {
                                assertThat(map.at(y, x)).isZero();
                            }
                        }
                    }
                    assertThat(Math.max(map.largest(), -map.smallest())).isPositive();
                }
            }
        }
    }

    /** Returns the class whose score differs most from that of a view of mean colour: 1 % of the difference is well above rounding. */
    private static int mostChanged(Explainer explainer, HostTensor view) {
        HostTensor empty = HostTensor.allocate(view.dtype(), view.shape());
        float[] scores = explainer.model().run(view, Hiera.LOGITS).toFloats();
        float[] before = explainer.model().run(empty, Hiera.LOGITS).toFloats();
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = Math.abs(scores[i] - before[i]) > Math.abs(scores[best] - before[best]) ? i : best;
        }
        return best;
    }

    @Test
    void nothingOutsideTheOnlyObjectIsAttributedAnything() {
        try (Explainer explainer = Explainer.load(IMAGE_MODEL, LoadOptions.DEFAULT, null)) {
            HostTensor view = Views.square(explainer.model().encoder(), 32, 0, 16);
            Grid map =
                    explainer.integratedGradients(view, 0).attribution().maps().get(0);
            for (int y = 0; y < map.rows(); y++) {
                for (int x = 0; x < map.columns(); x++) {
                    boolean inside = y >= 32 && y < 48 && x < 16;
                    if (!inside) {
                        assertThat(map.at(y, x)).isZero();
                    }
                }
            }
            Grid occlusion = explainer.occlusion(view, 0).maps().get(0);
            assertThat(occlusion.rows()).isEqualTo(2);
            assertThat(occlusion.at(0, 0)).isZero(); // covering the mean colour with itself changes nothing
            assertThat(occlusion.at(0, 1)).isZero();
            assertThat(occlusion.at(1, 1)).isZero();
            assertThat(occlusion.at(1, 0)).isNotZero();
        }
    }

    @Test
    void gradCamHasTheResolutionOfItsStageAndNoNegativeAmounts() {
        for (int stage = 1; stage <= 3; stage++) {
            try (Explainer explainer = Explainer.load(IMAGE_MODEL, LoadOptions.DEFAULT, stage)) {
                Grid map = explainer
                        .gradCam(Views.noise(explainer.model().encoder(), 14), 1)
                        .maps()
                        .get(0);
                assertThat(map.rows()).isEqualTo(16 >> (stage - 1));
                assertThat(map.smallest()).isGreaterThanOrEqualTo(0);
            }
        }
    }

    @Test
    void curvesBeginAndEndWithTheWholeAndTheEmptyView() {
        try (Explainer explainer = Explainer.load(IMAGE_MODEL, LoadOptions.DEFAULT, null)) {
            HostTensor view = Views.noise(explainer.model().encoder(), 15);
            Attribution attribution = explainer.gradCam(view, 1);
            Faithfulness curves = Faithfulness.of(explainer, view, 1, attribution);
            double whole = explainer.probabilities(view)[1];
            double empty =
                    explainer.probabilities(Views.square(explainer.model().encoder(), 0, 0, 0))[1];
            int last = curves.deletion().size() - 1;
            assertThat(curves.deletion().get(0)).isCloseTo(whole, within(1e-6));
            assertThat(curves.insertion().get(last)).isCloseTo(whole, within(1e-6));
            assertThat(curves.deletion().get(last)).isCloseTo(empty, within(1e-6));
            assertThat(curves.insertion().get(0)).isCloseTo(empty, within(1e-6));
        }
    }

    @Test
    void aModelWithoutClassesAndAClassThatDoesNotExistAreRefused() {
        assertThatThrownBy(
                        () -> Explainer.load(TestFiles.checkpoint("mae_nano_official.pth"), LoadOptions.DEFAULT, null))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("has no classes to explain");
        try (Explainer explainer = Explainer.load(IMAGE_MODEL, LoadOptions.DEFAULT, null)) {
            HostTensor view = Views.noise(explainer.model().encoder(), 15);
            assertThatThrownBy(() -> explainer.gradCam(view, 1000))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("got 1000");
        }
    }
}
