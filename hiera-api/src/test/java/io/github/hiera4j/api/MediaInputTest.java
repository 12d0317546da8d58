package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.api.internal.BufferedImages;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.UnsupportedException;
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
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every kind of input, and the calls that take them. */
@Timeout(60)
class MediaInputTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");
    private static final Path FILM = TestFiles.resource("/media/short_7f.mp4");

    private static HieraClassifier images;
    private static HieraClassifier videos;

    @BeforeAll
    static void load() {
        images = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"));
        videos = HieraClassifier.load(TestFiles.checkpoint("nano_video_official.pth"));
    }

    @AfterAll
    static void close() {
        images.close();
        videos.close();
    }

    @Test
    void bytesStreamsAndDecodedImagesGiveWhatTheFileGives() throws IOException {
        List<Classification> file = images.classify(PICTURE, 10);
        byte[] bytes = Files.readAllBytes(PICTURE);
        assertThat(images.classify(MediaInput.of("bytes", bytes), 10)).isEqualTo(file);
        assertThat(images.classify(MediaInput.of("stream", new ByteArrayInputStream(bytes)), 10))
                .isEqualTo(file);
        assertThat(images.classify(MediaInput.of("pixels", ImageReader.read(PICTURE)), 10))
                .isEqualTo(file);
        BufferedImage decoded = ImageIO.read(PICTURE.toFile());
        assertThat(images.classify(MediaInput.of("decoded", decoded), 10)).isEqualTo(file);
    }

    @Test
    void videosInMemoryGiveWhatTheFileGivesAndLeaveNoTemporaryFile() throws Exception {
        byte[] bytes = Files.readAllBytes(FILM);
        for (HieraClassifier model : List.of(images, videos)) {
            List<Classification> file = model.classify(FILM, 10);
            Set<Path> before = temporaryFiles();
            assertThat(model.classify(MediaInput.of("bytes", bytes), 10)).isEqualTo(file);
            assertThat(model.classify(MediaInput.of("stream", new ByteArrayInputStream(bytes)), 10))
                    .isEqualTo(file);
            assertNoneIsLeft(before);
        }
    }

    /** Tests that run at the same time have temporary files too, which are gone soon. */
    private static void assertNoneIsLeft(Set<Path> before) throws Exception {
        for (int attempt = 0; attempt < 500 && !before.containsAll(temporaryFiles()); attempt++) {
            Thread.sleep(20);
        }
        assertThat(before).containsAll(temporaryFiles());
    }

    private static Set<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".video"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void failuresCarryTheCallersNameAndTheirKind() throws Exception {
        byte[] film = Files.readAllBytes(FILM);
        Set<Path> before = temporaryFiles();
        assertThatThrownBy(() -> images.classify(MediaInput.of("upload 7", Arrays.copyOf(film, 300)), 1))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith("upload 7: ");
        assertNoneIsLeft(before);
        assertThatThrownBy(() -> images.classify(
                        MediaInput.of("upload 8", "text".getBytes(java.nio.charset.StandardCharsets.UTF_8)), 1))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageStartingWith("upload 8: ");
        byte[] picture = Files.readAllBytes(PICTURE);
        assertThatThrownBy(() -> images.classify(MediaInput.of("upload 9", Arrays.copyOf(picture, 200)), 1))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith("upload 9: ");
        assertThatThrownBy(() -> images.classify(Path.of("no such.jpg"), 1)).isInstanceOf(MissingFileException.class);
        assertThatThrownBy(() -> HieraClassifier.load(Path.of("no such.pth"))).isInstanceOf(MissingFileException.class);
    }

    @Test
    void aStreamIsClosedAndItsFailureIsNamed() {
        boolean[] closed = {false};
        MediaInput input = MediaInput.of("socket", new FilterInputStream(new ByteArrayInputStream(new byte[9])) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        });
        assertThatThrownBy(() -> images.classify(input, 1))
                .isInstanceOf(HieraException.class)
                .hasMessage("socket: cannot be read: connection reset");
        assertThat(closed[0]).isTrue();
    }

    @Test
    void greyImagesKeepTheirSamples() {
        BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage deep = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
        for (int x = 0; x < 256; x++) {
            grey.getRaster().setSample(x, 0, 0, x);
            deep.getRaster().setSample(x, 0, 0, x * 257 + (x < 255 ? 100 : 0));
        }
        for (Rgb8Image image : List.of(BufferedImages.toRgb(grey), BufferedImages.toRgb(deep))) {
            for (int x = 0; x < 256; x++) {
                assertThat(image.sample(x, 0, 1)).isEqualTo(x);
            }
        }
    }

    @Test
    void alphaIsDroppedWithoutBlending() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x40_0A_80_FF);
        Rgb8Image rgb = BufferedImages.toRgb(image);
        assertThat(List.of(rgb.sample(0, 0, 0), rgb.sample(0, 0, 1), rgb.sample(0, 0, 2)))
                .containsExactly(0x0A, 0x80, 0xFF);
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
                .hasMessageContaining("1 classes");
    }

    /** The reference engine under another name. */
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
