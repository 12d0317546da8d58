package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of a model: logits, lists, asynchronous calls, the parts that callers supply. */
@Timeout(60)
class ModelCallsTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");
    private static final Path FILM = TestFiles.resource("/media/short_7f.mp4");

    private static HieraClassifier images;

    @BeforeAll
    static void load() {
        images = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"));
    }

    @AfterAll
    static void close() {
        images.close();
    }

    @Test
    void logitsAreTheProbabilitiesBeforeTheSoftmax() {
        float[] logits = images.logits(MediaInput.of(PICTURE));
        float[] probabilities = images.probabilities(MediaInput.of(PICTURE));
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        for (int i = 0; i < logits.length; i++) {
            assertThat(probabilities[i])
                    .isCloseTo((float) (Math.exp(logits[i]) / sum), org.assertj.core.api.Assertions.within(1e-6f));
        }
    }

    @Test
    void asynchronousCallsGiveTheSameAnswersAndFailLikeTheOthers() throws Exception {
        List<Classification> alone = images.classify(PICTURE, 3);
        List<CompletableFuture<List<Classification>>> calls = IntStream.range(0, 12)
                .mapToObj(i -> images.classifyAsync(MediaInput.of(PICTURE), 3))
                .toList();
        for (CompletableFuture<List<Classification>> call : calls) {
            assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(alone);
        }
        assertThatThrownBy(() -> images.classifyAsync(MediaInput.of(Path.of("no such.jpg")), 1)
                        .get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(MissingFileException.class);
    }

    @Test
    void everyAsynchronousCallEndsWhenTheModelIsClosed() throws Exception {
        HieraClassifier model = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"));
        List<CompletableFuture<float[]>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(model.backbone().embedAsync(MediaInput.of(PICTURE)));
        }
        calls.get(0).get(30, TimeUnit.SECONDS);
        while (calls.stream().filter(CompletableFuture::isDone).count() < 48) {
            Thread.sleep(1); // close while nothing but the last calls run
        }
        CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        model.close();
        assertThatThrownBy(() -> model.classifyAsync(MediaInput.of(PICTURE), 1).get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(HieraException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aListIsComputedInBatches() {
        List<List<Classification>> results = images.classify(
                List.of(MediaInput.of(PICTURE), MediaInput.of(FILM), MediaInput.of(PICTURE)),
                ReadOptions.DEFAULT.withBatch(2),
                1);
        assertThat(results).hasSize(3);
        assertThat(results.get(0).get(0).index())
                .isEqualTo(results.get(2).get(0).index());
    }

    @Test
    void pixelsThatAreNotFiniteAreRefused() {
        Shape shape = Shape.of(1, 3, 64, 64);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            HostTensor pixels = HostTensor.allocate(DType.FLOAT32, shape);
            pixels.floats().put(777, bad);
            for (Runnable call : List.<Runnable>of(
                    () -> images.probabilities(pixels),
                    () -> images.logits(pixels),
                    () -> images.backbone().embeddings(pixels),
                    () -> images.backbone().featureMaps(pixels))) {
                assertThatThrownBy(call::run).isInstanceOf(HieraException.class).hasMessageContaining("element 777");
            }
        }
    }

    @Test
    void resultsThatAreNotFiniteAreAnError() {
        HostTensor pixels = HostTensor.allocate(DType.FLOAT32, Shape.of(1, 3, 64, 64));
        for (int i = 0; i < pixels.elements(); i++) {
            pixels.floats().put(i, i % 2 == 0 ? 3e38f : -3e38f);
        }
        assertThatThrownBy(() -> images.logits(pixels))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("logits holds");
    }

    @Test
    void callersMaySupplyPreprocessingLabelsAndBackend() {
        ImagePreprocess own = ImagePreprocess.timm(
                64,
                64,
                1,
                io.github.hiera4j.media.resample.Interpolation.BILINEAR,
                io.github.hiera4j.media.preprocess.Normalisation.KINETICS);
        ClassLabels names = new ClassLabels(
                IntStream.range(0, 10).mapToObj(i -> "thing " + i).toList());
        List<String> compiled = new ArrayList<>();
        LoadOptions options = LoadOptions.builder()
                .backend(new RecordingBackend(compiled))
                .preprocess(own)
                .labels(names)
                .concurrentRuns(1)
                .build();
        try (HieraClassifier model = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"), options)) {
            assertThat(model.backend()).isEqualTo("recording");
            assertThat(compiled).hasSize(1);
            assertThat(model.preprocess()).isEqualTo(own);
            assertThat(model.classify(PICTURE, 1).get(0).label()).startsWith("thing ");
            HostTensor expected = model.probabilities(own.apply(ImageReader.read(PICTURE)));
            assertThat(model.probabilities(MediaInput.of(PICTURE))).containsExactly(expected.toFloats());
        }
        assertThatThrownBy(() -> HieraClassifier.load(
                        TestFiles.checkpoint("nano_official.pth"),
                        LoadOptions.builder()
                                .preprocess(VideoPreprocess.kinetics(32, 64))
                                .build()))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("64 x 64")
                .hasMessageContaining("32 x 64");
        assertThatThrownBy(() -> HieraClassifier.load(
                        TestFiles.checkpoint("nano_official.pth"),
                        LoadOptions.builder()
                                .labels(new ClassLabels(List.of("one")))
                                .build()))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("expected 10 class names, one for each class of the model, got 1");
    }

    /** The reference engine with another name. */
    private record RecordingBackend(List<String> compiled) implements Backend {
        @Override
        public String name() {
            return "recording";
        }

        @Override
        public Availability availability() {
            return Availability.usable("the reference's");
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Session compile(Graph graph, WeightSource weights, CompileOptions options) {
            compiled.add(name());
            return Backends.named("reference").compile(graph, weights, options);
        }
    }

    @Test
    void anAutoencodersEncoderIsABackbone() {
        try (HieraBackbone encoder = HieraBackbone.load(TestFiles.checkpoint("mae_nano_official.pth"))) {
            float[] embedding = encoder.embed(PICTURE);
            assertThat(embedding).hasSize(encoder.embeddingSize());
            List<FeatureMap> maps = encoder.features(PICTURE);
            FeatureMap last = maps.get(maps.size() - 1);
            double sum = 0;
            for (int y = 0; y < last.size("H"); y++) {
                for (int x = 0; x < last.size("W"); x++) {
                    sum += last.at(y, x, 5);
                }
            }
            assertThat((double) embedding[5])
                    .isCloseTo(sum / last.size("H") / last.size("W"), org.assertj.core.api.Assertions.within(1e-4));
        }
    }

    @Test
    void aClassifiersBackboneGivesItsEmbeddings() {
        try (HieraBackbone backbone = HieraBackbone.load(TestFiles.checkpoint("nano_official.pth"))) {
            assertThat(backbone.embed(PICTURE)).containsExactly(images.embed(PICTURE));
        }
    }
}
