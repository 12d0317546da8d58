package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Framing;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.parity.TensorDifference;
import io.github.hiera4j.model.parity.TensorSummary;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HieraClassifierTest {
    private static final Rgb8Image NOISE = noise(90, 70);

    private static Rgb8Image noise(int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        new Random(1).nextBytes(pixels);
        return new Rgb8Image(width, height, pixels);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nano_official_legacy.pth",
                "nano_bare_state_dict.pth",
                "nano_ddp_training.pth",
                "nano_views.pth",
                "nano_official_fp64.pth",
                "hf_nano",
                "hf_nano_sharded",
                "hub_official_nano"
            })
    void everyFileOfOneModelGivesTheSameAnswer(String file) {
        try (HieraClassifier official = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"));
                HieraClassifier other = HieraClassifier.load(TestFiles.checkpoint(file))) {
            assertThat(other.classify(NOISE, 10)).isEqualTo(official.classify(NOISE, 10));
        }
    }

    @Test
    void aTimmCheckpointPreparesImagesItsOwnWay() {
        try (HieraClassifier timm = HieraClassifier.load(TestFiles.checkpoint("timm_nano"));
                HieraClassifier official = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"))) {
            assertThat(timm.preprocess().framing()).isEqualTo(new Framing.ResizeThenCrop(71, 71)); // floor(64 / 0.9)
            assertThat(official.preprocess().framing())
                    .isEqualTo(new Framing.ResizeThenCrop(73, 73)); // floor(64 · 256 / 224)
            HostTensor pixels = official.preprocess().apply(NOISE);
            assertThat(timm.probabilities(pixels).toFloats())
                    .containsExactly(official.probabilities(pixels).toFloats());
        }
    }

    @Test
    void aTimmCheckpointAgreesWithTheOthersWhenPreparedAsTheyAre() {
        LoadOptions released = LoadOptions.DEFAULT.withReleasedPreprocessing();
        try (HieraClassifier timm = HieraClassifier.load(TestFiles.checkpoint("timm_nano"), released);
                HieraClassifier official = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"))) {
            assertThat(timm.classify(NOISE, 10)).isEqualTo(official.classify(NOISE, 10));
        }
    }

    @Test
    void featureMapsAreTheReferencesStageMaps() {
        GoldenCase golden = Goldens.read("nano_image");
        try (HieraClassifier hiera = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"))) {
            HostTensor pixels = Objects.requireNonNull(golden.feeds().get("input"));
            List<HostTensor> maps = hiera.backbone().featureMaps(pixels);
            for (int stage = 1; stage <= maps.size(); stage++) {
                TensorSummary summary = Objects.requireNonNull(golden.expected().get(Hiera.stage(stage)));
                TensorDifference difference = summary.compare(Hiera.stage(stage), maps.get(stage - 1));
                assertThat(difference.relL2()).isLessThan(5e-6);
            }
        }
    }

    @Test
    void featureMapsNameTheirAxesAndHaveTheModelsSizes() {
        try (HieraClassifier hiera = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"))) {
            List<FeatureMap> maps = hiera.features(NOISE);
            assertThat(maps).hasSize(4);
            assertThat(maps.get(0).axes()).containsExactly("H", "W", "C");
            assertThat(maps.stream().map(map -> map.size("H"))).containsExactly(16, 8, 4, 2);
            assertThat(maps.stream().map(map -> map.size("C"))).containsExactly(8, 16, 32, 64);
            assertThat(maps.get(1).at(7, 7, 15))
                    .isEqualTo((float) maps.get(1).values().get(8 * 8 * 16 - 1));
        }
    }

    @Test
    void embeddingsAreWhatTheHeadSees() {
        try (HieraClassifier hiera = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"))) {
            float[] embedding = hiera.embed(NOISE);
            assertThat(embedding).hasSize(64);
            assertThat(hiera.embed(NOISE)).containsExactly(embedding);
        }
    }

    @Test
    void probabilitiesAreSortedAndSumToOne() {
        try (HieraClassifier hiera = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"))) {
            List<Classification> all = hiera.classify(NOISE, 10);
            assertThat(all).isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
            assertThat(all.stream().mapToDouble(Classification::probability).sum())
                    .isCloseTo(1, within(1e-6));
            assertThat(all.get(0).label()).isEqualTo("class " + all.get(0).index());
        }
    }

    @Test
    void severalThreadsMayShareOneClassifier() throws Exception {
        try (HieraClassifier hiera = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"))) {
            List<Classification> alone = hiera.classify(NOISE, 10);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<List<Classification>>> results = IntStream.range(0, 16)
                        .mapToObj(i -> threads.submit(() -> hiera.classify(NOISE, 10)))
                        .toList();
                for (Future<List<Classification>> result : results) {
                    assertThat(result.get()).isEqualTo(alone);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void everyBackendAgrees() {
        LoadOptions exact = LoadOptions.DEFAULT.withBackend("reference");
        try (HieraClassifier reference = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"), exact);
                HieraClassifier torch = HieraClassifier.load(
                        TestFiles.checkpoint("nano_official.pth"), LoadOptions.DEFAULT.withBackend("torch"))) {
            assertThat(torch.embed(NOISE)).containsExactly(reference.embed(NOISE), within(1e-5f));
        }
    }

    @Test
    void halfPrecisionStaysClose() {
        LoadOptions half = LoadOptions.DEFAULT.withBackend("torch").withDtype(DType.BFLOAT16);
        try (HieraClassifier full = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"));
                HieraClassifier bfloat = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"), half)) {
            assertThat(bfloat.classify(NOISE, 1).get(0).probability())
                    .isCloseTo(full.classify(NOISE, 1).get(0).probability(), within(0.02));
        }
    }

    /** oneDNN computes in bfloat16 on some processors only: the default must work on every one. */
    @Test
    void theDefaultBackendForBfloat16IsOneThatComputesItHere() {
        CompileOptions half = CompileOptions.DEFAULT.withDtype(DType.BFLOAT16);
        Availability oneDnn = Backends.named("onednn").supports(half);
        Path file = TestFiles.checkpoint("nano_official.pth");
        try (HieraClassifier bfloat = HieraClassifier.load(file, LoadOptions.DEFAULT.withDtype(DType.BFLOAT16))) {
            assertThat(bfloat.backend()).isEqualTo(oneDnn.usable() ? "onednn" : "torch");
            assertThat(bfloat.classify(NOISE, 1)).hasSize(1);
        }
        if (!oneDnn.usable()) {
            LoadOptions wanted = LoadOptions.DEFAULT.withDtype(DType.BFLOAT16).withBackend("onednn");
            assertThatThrownBy(() -> HieraClassifier.load(file, wanted))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining(oneDnn.detail());
        }
    }

    @Test
    void anAutoencoderIsNotAClassifier() {
        assertThatThrownBy(() -> HieraClassifier.load(TestFiles.checkpoint("mae_nano_official.pth")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("masked autoencoder");
    }

    @Test
    void unknownBackendsAndDtypesAreNamed() {
        Path file = TestFiles.checkpoint("nano_official.pth");
        assertThatThrownBy(() -> HieraClassifier.load(file, LoadOptions.DEFAULT.withBackend("abacus")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("unknown backend 'abacus'");
        assertThatThrownBy(() -> LoadOptions.DEFAULT.withDtype(DType.INT64)).isInstanceOf(HieraException.class);
    }

    @Test
    void labelsComeFromAFileThatMustNameEveryClass(@TempDir Path directory) throws IOException {
        Path names = Files.write(
                directory.resolve("names.txt"),
                IntStream.range(0, 10).mapToObj(i -> "thing " + i).toList());
        Path tooFew = Files.write(directory.resolve("few.txt"), List.of("one", "two"));
        Path file = TestFiles.checkpoint("nano_official.pth");
        try (HieraClassifier hiera = HieraClassifier.load(file, LoadOptions.DEFAULT.withLabels(names))) {
            Classification best = hiera.classify(NOISE, 1).get(0);
            assertThat(best.label()).isEqualTo("thing " + best.index());
        }
        assertThatThrownBy(() -> HieraClassifier.load(file, LoadOptions.DEFAULT.withLabels(tooFew)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("names 2 classes, the model has 10");
    }

    @Test
    void builtInLabelsAreChosenByTheNumberOfClasses() {
        assertThat(ClassLabels.forCount(1000).names()).hasSize(1000);
        assertThat(ClassLabels.forCount(1000).names().get(207)).isEqualTo("golden retriever");
        assertThat(ClassLabels.forCount(400).names().get(363)).isEqualTo("training dog");
        assertThat(ClassLabels.forCount(7).names())
                .containsExactly("class 0", "class 1", "class 2", "class 3", "class 4", "class 5", "class 6");
    }
}
