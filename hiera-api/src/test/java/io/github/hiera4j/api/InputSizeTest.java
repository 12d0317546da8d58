package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.api.internal.PaddedPixels;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.PositionResizing;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.parity.ParityCase;
import io.github.hiera4j.model.parity.TensorSummary;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.testing.TestFiles;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputSizeTest {
    private static HieraClassifier load(InputSize size) {
        return HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"), LoadOptions.DEFAULT.withSize(size));
    }

    private static Rgb8Image noise(int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        new Random(width * 1000L + height).nextBytes(pixels);
        return new Rgb8Image(width, height, pixels);
    }

    private static List<Integer> rows(HieraClassifier hiera, Rgb8Image image) {
        return hiera.features(image).stream().map(map -> map.size("H")).toList();
    }

    private static List<Integer> columns(HieraClassifier hiera, Rgb8Image image) {
        return hiera.features(image).stream().map(map -> map.size("W")).toList();
    }

    @ParameterizedTest
    @CsvSource({"96x64, BICUBIC, resized_nano_bicubic@96x64", "96x64, ANTIALIAS, resized_nano_antialias@96x64"})
    void aCheckpointRunsAtAnotherSizeAsTheReferenceDoes(String size, PositionResizing rule, String name) {
        ParityCase golden = Goldens.dense()
                .filter(sized -> sized.name().equals(name))
                .findFirst()
                .orElseThrow();
        try (HieraClassifier hiera = load(InputSize.parse(size).withResizing(rule))) {
            List<HostTensor> maps = hiera.backbone()
                    .featureMaps(Objects.requireNonNull(golden.feeds().get("input")));
            for (int stage = 1; stage <= maps.size(); stage++) {
                TensorSummary summary = Objects.requireNonNull(golden.expected().get(Hiera.stage(stage)));
                assertThat(summary.compare(Hiera.stage(stage), maps.get(stage - 1))
                                .relL2())
                        .isLessThan(5e-6);
            }
        }
    }

    @Test
    void oneSizeServesEveryFile() {
        try (HieraClassifier hiera = load(InputSize.parse("96x128"))) {
            assertThat(rows(hiera, noise(50, 300))).containsExactly(24, 12, 6, 3);
            assertThat(columns(hiera, noise(50, 300))).containsExactly(32, 16, 8, 4);
            assertThat(hiera.config().inputSize()).containsExactly(96, 128);
        }
    }

    @Test
    void aNativeSizeIsRoundedToWhatTheModelTakesAndKeepsItsAspect() {
        try (HieraClassifier hiera = load(InputSize.parse("native:200"))) {
            assertThat(rows(hiera, noise(90, 70)).get(3)).isEqualTo(2); // 70 becomes 64
            assertThat(columns(hiera, noise(90, 70)).get(3)).isEqualTo(3); // 90 becomes 96
            assertThat(rows(hiera, noise(1000, 500)).get(3)).isEqualTo(3); // 200 x 100 becomes 192 x 96
            assertThat(columns(hiera, noise(1000, 500)).get(3)).isEqualTo(6);
            assertThat(rows(hiera, noise(1, 1)).get(3)).isEqualTo(1);
        }
    }

    @Test
    void aPaddedSizeShowsTheWholeImageAndZerosBelowAndToTheRight() {
        try (HieraClassifier padded = load(InputSize.parse("native").withPadding(true));
                HieraClassifier fixed = load(InputSize.parse("96x128"))) {
            Rgb8Image image = noise(100, 70);
            HostTensor pixels = PaddedPixels.of(
                    Preprocessing.released(70, 100).whole(70, 100).images().apply(image), 96, 128);
            assertThat(padded.embed(image))
                    .containsExactly(fixed.backbone().embeddings(pixels).toFloats());
            assertThat(pixels.get(70 * 128)).isZero();
            assertThat(pixels.get(127)).isZero();
            assertThat(pixels.get(0)).isNotZero();
        }
        try (HieraClassifier hiera = load(InputSize.parse("70x100").withPadding(true))) {
            assertThat(hiera.config().inputSize()).containsExactly(96, 128);
            assertThat(rows(hiera, noise(300, 200)).get(0)).isEqualTo(24);
        }
    }

    @Test
    void manyNativeSizesAtOnceGiveWhatEachGivesAlone() {
        List<Rgb8Image> images = IntStream.range(0, 12)
                .mapToObj(i -> noise(32 + 32 * (i % 6), 32 + 16 * i))
                .toList();
        try (HieraClassifier hiera = load(InputSize.parse("native:256"));
                HieraClassifier alone = load(InputSize.parse("native:256"))) {
            List<float[]> together = images.parallelStream().map(hiera::embed).toList();
            for (int i = 0; i < images.size(); i++) {
                assertThat(together.get(i)).containsExactly(alone.embed(images.get(i)));
            }
        }
    }

    @Test
    void aSizeThatTheModelCannotTakeIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> load(InputSize.parse("100x64")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("multiple of 32")
                .hasMessageContaining("96 and 128");
        assertThatThrownBy(() -> load(InputSize.OWN.withFrames(8))).hasMessageContaining("image model");
    }

    @Test
    void clipsTakeAnyLengthThatPatchesDivide() {
        var video = HieraVariant.HIERA_BASE_16X224.config();
        assertThat(InputSize.parse("96x128").withFrames(8).of(video).inputSize())
                .containsExactly(8, 96, 128);
        assertThat(InputSize.OWN.withFrames(32).of(video).inputSize()).containsExactly(32, 224, 224);
        assertThatThrownBy(() -> InputSize.OWN.withFrames(7).of(video)).hasMessageContaining("6 and 8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0x64", "-32", "64x", "1e3", "native:", "native:0", "999999", "64X64"})
    void anythingElseIsNoSize(String text) {
        assertThatThrownBy(() -> InputSize.parse(text)).isInstanceOf(HieraException.class);
    }
}
