package io.github.hiera4j.api.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.reconstruct.MaskChoice;
import io.github.hiera4j.api.insight.reconstruct.Reconstruction;
import io.github.hiera4j.api.insight.reconstruct.Reconstructor;
import io.github.hiera4j.api.insight.reconstruct.Reconstructor.Inverse;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconstructorTest {
    private static final Path IMAGE_MODEL = TestFiles.checkpoint("mae_nano_official.pth");

    @TempDir
    Path directory;

    /** Returns a minimal video autoencoder. */
    private Path videoModel() {
        HieraConfig encoder = HieraConfig.video()
                .inputSize(List.of(4, 32, 64))
                .embedDim(16)
                .stages(List.of(1, 1, 1, 1))
                .numClasses(0)
                .qPool(2)
                .build();
        MaeConfig config = new MaeConfig(encoder, 16, 1, 2);
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        config.inferenceGraph()
                .parameters()
                .forEach((name, shape) -> tensors.put(name, FormulaWeights.tensor(name, shape)));
        Path target = directory.resolve("video");
        CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(target, config, new NamedTensors("formula", tensors));
        return target;
    }

    /** The loss must be that of the graph, and the mean of the errors of the masked patches. */
    @Test
    void theLossIsTheGraphsAndItsMeanOverHiddenPatches() {
        try (Reconstructor model = Reconstructor.load(IMAGE_MODEL, LoadOptions.DEFAULT, MaskChoice.DEFAULT)) {
            HostTensor view = Views.noise(model.config().encoder(), 3);
            Reconstruction result = model.reconstruct(view, Inverse.OWN_STATISTICS);
            double sum = 0;
            int hidden = 0;
            for (float error : result.error().get(0).values()) {
                sum += error;
                hidden += error > 0 ? 1 : 0;
            }
            assertThat(sum / hidden).isCloseTo(result.loss(), within(1e-5));
            assertThat(result.loss()).isCloseTo(lossOf(model, view), within(1e-6));
        }
    }

    private static double lossOf(Reconstructor model, HostTensor view) {
        MaskUnits mask = MaskUnits.random(model.config(), 1, 0.6, new SplittableRandom(0));
        HieraGraph graph = model.model();
        Map<String, HostTensor> feeds = new HashMap<>(mask.feeds(model.config()));
        feeds.put(HieraEncoder.INPUT, view);
        return Objects.requireNonNull(graph.run(feeds, List.of(HieraMae.LOSS)).get(HieraMae.LOSS))
                .get(0);
    }

    /** A correct inverse converts the targets, which are normalised pixels, to the original pixels. */
    @Test
    void aPerfectPredictionWouldGiveTheOriginalPixels() {
        for (Path weights : List.of(IMAGE_MODEL, videoModel())) {
            MaskChoice choice = new MaskChoice(0.5, 0, 1, null);
            try (Reconstructor model = Reconstructor.load(weights, LoadOptions.DEFAULT, choice)) {
                HostTensor view = Views.noise(model.config().encoder(), 4);
                Reconstruction result = model.reconstruct(view, Inverse.OWN_STATISTICS);
                Map<String, HostTensor> feeds =
                        new HashMap<>(MaskUnits.random(model.config(), 1, 0.5, new SplittableRandom(0))
                                .feeds(model.config()));
                feeds.put(HieraEncoder.INPUT, view);
                Map<String, HostTensor> outputs =
                        model.model().run(feeds, List.of(HieraMae.TARGET, HieraMae.PREDICTION));
                HostTensor tokens = Objects.requireNonNull(feeds.get(HieraMae.HIDDEN_TOKENS));
                HostTensor target =
                        Objects.requireNonNull(outputs.get(HieraMae.TARGET)).slice(0);
                HostTensor prediction =
                        Objects.requireNonNull(outputs.get(HieraMae.PREDICTION)).slice(0);
                assertPatchesFit(model.config(), view, result, tokens, target, prediction);
            }
        }
    }

    /**
     * Since pixel = mean + deviation · normalised for both target and prediction, predicted - original pixels are proportional to
     * prediction - target in each patch, regardless of the statistics.
     */
    private static void assertPatchesFit(
            MaeConfig config,
            HostTensor view,
            Reconstruction result,
            HostTensor tokens,
            HostTensor target,
            HostTensor prediction) {
        boolean video = config.encoder().isVideo();
        List<Integer> grid = config.decoderGrid();
        int rows = grid.get(grid.size() - 2);
        int columns = grid.get(grid.size() - 1);
        int side = config.predictionStride();
        int frames = video ? grid.get(0) : 1;
        int step = video ? config.encoder().patchStride().get(0) : 1;
        int allFrames = video ? config.encoder().inputSize().get(0) : 1;
        int width = columns * side;
        int height = rows * side;
        float[] pasted = result.pixels().toFloats();
        float[] original = view.toFloats();
        for (int i = 0; i < tokens.elements(); i++) {
            int token = (int) tokens.get(i);
            int frame = token / (rows * columns);
            double ratio = Double.NaN;
            for (int inside = 0; inside < 3 * side * side; inside++) {
                int channel = video ? inside % 3 : inside / (side * side);
                int place = video ? inside / 3 : inside % (side * side);
                int y = token / columns % rows * side + place / side;
                int x = token % columns * side + place % side;
                double before = original[((channel * allFrames + frame * step) * height + y) * width + x];
                double after = pasted[((channel * frames + frame) * height + y) * width + x];
                double wanted = target.slice(i).get(inside);
                double predicted = prediction.slice(i).get(inside);
                if (Math.abs(predicted - wanted) > 0.05) {
                    double each = (after - before) / (predicted - wanted);
                    ratio = Double.isNaN(ratio) ? each : ratio;
                    assertThat(each).isCloseTo(ratio, within(2e-3 * Math.abs(ratio)));
                }
            }
            assertThat(ratio).isGreaterThan(0.5); // the deviation of gaussian noise
        }
    }

    @Test
    void visiblePatchesArePastedUnchangedAndHiddenOnesAreGrey() {
        try (Reconstructor model = Reconstructor.load(IMAGE_MODEL, LoadOptions.DEFAULT, MaskChoice.DEFAULT)) {
            Reconstruction result = model.reconstruct(Views.noise(model.config().encoder(), 5), Inverse.AS_PREDICTED);
            Grid error = result.error().get(0);
            int side = model.config().predictionStride();
            for (int row = 0; row < error.rows(); row++) {
                for (int column = 0; column < error.columns(); column++) {
                    int x = column * side;
                    int y = row * side;
                    int original = result.original().get(0).sample(x, y, 0);
                    if (error.at(row, column) == 0) {
                        assertThat(result.pasted().get(0).sample(x, y, 0)).isEqualTo(original);
                        assertThat(result.masked().get(0).sample(x, y, 0)).isEqualTo(original);
                    } else {
                        assertThat(result.masked().get(0).sample(x, y, 0)).isEqualTo(124); // 255 · 0.485
                        assertThat(result.pasted().get(0).sample(x, y, 0))
                                .isEqualTo(result.predicted().get(0).sample(x, y, 0));
                    }
                }
            }
        }
    }

    @Test
    void aPictureOfAMaskHidesItsLightPart() {
        byte[] pixels = new byte[64 * 64 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3 % 64 < 32 ? 0 : 255);
        }
        MaskChoice choice = new MaskChoice(null, 0, 1, Rgb8Image.wrap(64, 64, pixels));
        try (Reconstructor model = Reconstructor.load(IMAGE_MODEL, LoadOptions.DEFAULT, choice)) {
            Reconstruction result = model.reconstruct(Views.noise(model.config().encoder(), 6), Inverse.OWN_STATISTICS);
            Grid error = result.error().get(0);
            for (int row = 0; row < error.rows(); row++) {
                for (int column = 0; column < error.columns(); column++) {
                    assertThat(error.at(row, column) > 0).isEqualTo(column >= error.columns() / 2);
                }
            }
        }
    }

    @Test
    void severalMasksAgreeWhereTheyAreTheSameAndDifferWhereTheyAreNot() {
        MaskChoice several = new MaskChoice(0.6, 0, 4, null);
        try (Reconstructor one = Reconstructor.load(IMAGE_MODEL, LoadOptions.DEFAULT, MaskChoice.DEFAULT);
                Reconstructor four = Reconstructor.load(IMAGE_MODEL, LoadOptions.DEFAULT, several)) {
            HostTensor view = Views.noise(one.config().encoder(), 7);
            Reconstruction single = one.reconstruct(view, Inverse.OWN_STATISTICS);
            Reconstruction averaged = four.reconstruct(view, Inverse.OWN_STATISTICS);
            assertThat(single.uncertainty().get(0).largest()).isZero();
            assertThat(single.mean()).isEqualTo(single.pasted());
            assertThat(averaged.pasted()).isEqualTo(single.pasted());
            assertThat(averaged.uncertainty().get(0).largest()).isGreaterThan(0);
        }
    }

    @Test
    void aClassifierIsRefusedInOneLine() {
        assertThatThrownBy(() -> Reconstructor.load(
                        TestFiles.checkpoint("nano_official.pth"), LoadOptions.DEFAULT, MaskChoice.DEFAULT))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("has no decoder")
                .hasMessageNotContaining("\n");
    }
}
