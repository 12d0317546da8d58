package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.FloatResize;
import io.github.hiera4j.media.preprocess.Framing;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onnx.OnnxRuntimeBackend.OnnxModel;
import io.github.hiera4j.onnx.graph.MaskStage;
import io.github.hiera4j.onnx.graph.PixelStage;
import io.github.hiera4j.onnx.graph.PixelStage.Filter;
import io.github.hiera4j.onnx.graph.PixelStage.Fit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Input stages of exported files, compared with this project's own preparation of inputs. */
class InputStagesTest {
    private static final Normalisation COLOURS = Normalisation.IMAGENET;

    private static final double MASK_RATIO = 0.6;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"640,480", "161,237", "97,300", "37,41", "224,224", "1000,33", "5,900"})
    void bicubicPicturesEqualOursWithinALevel(int width, int height) {
        ImagePreprocess ours = ImagePreprocess.imageNet(96, 64);
        assertWithinALevel(stage(Fit.COVER, 109, 73, 96, 64, false, Filter.BICUBIC_BYTES), ours, width, height);
    }

    @ParameterizedTest
    @CsvSource({"640,480", "161,237", "37,41"})
    void bilinearPicturesEqualOursWithinALevel(int width, int height) {
        ImagePreprocess ours =
                new ImagePreprocess(64, 64, new Framing.ResizeThenCrop(77, 77, true), Interpolation.BILINEAR, COLOURS);
        assertWithinALevel(stage(Fit.COVER, 77, 77, 64, 64, true, Filter.BILINEAR_BYTES), ours, width, height);
    }

    @ParameterizedTest
    @CsvSource({"640,480", "161,237", "37,41"})
    void stretchedPicturesEqualOursWithinALevel(int width, int height) {
        ImagePreprocess ours =
                new ImagePreprocess(64, 48, new Framing.SquashThenCrop(71, 55, false), Interpolation.BICUBIC, COLOURS);
        assertWithinALevel(stage(Fit.STRETCH, 71, 55, 64, 48, false, Filter.BICUBIC_BYTES), ours, width, height);
    }

    @ParameterizedTest
    @CsvSource({"640,480,1", "161,237,0.875", "37,41,0.875", "33,900,0.5"})
    void sharesOfPicturesEqualOursWithinALevel(int width, int height, double share) {
        for (Interpolation interpolation : List.of(Interpolation.BICUBIC, Interpolation.BILINEAR)) {
            ImagePreprocess ours =
                    new ImagePreprocess(64, 48, new Framing.CropThenResize(share), interpolation, COLOURS);
            Filter filter = interpolation == Interpolation.BICUBIC ? Filter.BICUBIC_BYTES : Filter.BILINEAR_BYTES;
            assertWithinALevel(
                    PixelStage.ofShare(share, 64, 48, filter, COLOURS.mean(), COLOURS.std()), ours, width, height);
        }
    }

    @ParameterizedTest
    @CsvSource({"640,480", "161,237", "37,41"})
    void clipsEqualOursWithinALevel(int width, int height) {
        int frames = 3;
        List<Rgb8Image> clip = new ArrayList<>();
        HostTensor fed = HostTensor.allocate(DType.UINT8, Shape.of(1, frames, height, width, 3));
        for (int frame = 0; frame < frames; frame++) {
            clip.add(picture(width, height, frame));
            fed.bytes().position(frame * width * height * 3).put(clip.get(frame).bytes());
        }
        HostTensor expected = VideoPreprocess.kinetics(64, 64).apply(clip);
        PixelStage stage = new PixelStage(
                Fit.COVER,
                73,
                73,
                64,
                64,
                false,
                Filter.BILINEAR_NEAREST,
                Normalisation.KINETICS.mean(),
                Normalisation.KINETICS.std());
        try (OnnxModel model = pixelsOf(stage, Shape.batched(3, frames, 64, 64))) {
            HostTensor made = Objects.requireNonNull(
                    model.run(Map.of("video", fed), List.of("pixels")).get("pixels"));
            assertThat(made.shape()).isEqualTo(expected.shape());
            assertThat(largestDifference(made, expected)).isLessThan(0.02 / (255 * 0.225));
        }
    }

    @ParameterizedTest
    @CsvSource({"640,480", "161,237", "37,41"})
    void picturesForSegmentationEqualOurs(int width, int height) {
        Rgb8Image picture = picture(width, height, 1);
        HostTensor expected = new FloatResize(96, COLOURS).apply(picture);
        PixelStage stage = stage(Fit.STRETCH, 96, 96, 96, 96, false, Filter.BILINEAR);
        try (OnnxModel model = pixelsOf(stage, Shape.batched(3, 96, 96))) {
            HostTensor made =
                    Objects.requireNonNull(model.run(Map.of("image", fed(List.of(picture))), List.of("pixels"))
                            .get("pixels"));
            assertThat(largestDifference(made, expected)).isLessThan(1e-3);
        }
    }

    @ParameterizedTest
    @CsvSource({"mae_nano_image_96,5", "mae_nano_video,1"})
    void aMaskIsTheNumbersOfItsVisibleUnits(String name, int batch) {
        MaeConfig config = (MaeConfig) Goldens.read(name).config();
        MaskUnits mask = MaskUnits.random(config, batch, MASK_RATIO, new Random(batch));
        Graph graph = new HieraMae(config).inferenceGraph(mask.keep());
        WeightSource weights = new FormulaWeights(graph.parameters());
        Map<String, HostTensor> feeds = new LinkedHashMap<>(mask.feeds(config));
        feeds.put(
                HieraEncoder.INPUT,
                FormulaWeights.tensor(
                        "input",
                        Objects.requireNonNull(graph.inputs().get(HieraEncoder.INPUT))
                                .shape()
                                .withBatch(batch)));
        List<String> outputs = List.of(HieraMae.PREDICTION, HieraMae.TARGET);
        Map<String, HostTensor> expected;
        try (Session session = new OnnxRuntimeBackend(directory).compile(graph, weights, CompileOptions.DEFAULT)) {
            expected = session.run(feeds, outputs);
        }
        Path file = directory.resolve("mae.onnx");
        OnnxGraph exported = OnnxModels.autoencoder(name, config, MASK_RATIO, Optional.empty());
        OnnxExport.write(file, exported, weights, OnnxOptions.DEFAULT, Map.of());
        long[] visible = mask.visible().stream()
                .flatMap(List::stream)
                .mapToLong(Integer::longValue)
                .toArray();
        feeds.put(MaskStage.VISIBLE, HostTensor.of(Shape.of(batch, mask.keep()), visible));
        try (OnnxModel model = new OnnxModel(file)) {
            assertThat(model.inputs()).containsExactlyInAnyOrder(HieraEncoder.INPUT, MaskStage.VISIBLE);
            Map<String, HostTensor> made = model.run(feeds, outputs);
            outputs.forEach(output -> assertThat(largestDifference(
                            Objects.requireNonNull(made.get(output)), Objects.requireNonNull(expected.get(output))))
                    .as(output)
                    .isZero());
        }
    }

    private void assertWithinALevel(PixelStage stage, ImagePreprocess ours, int width, int height) {
        List<Rgb8Image> pictures = List.of(picture(width, height, 1), picture(width, height, 2));
        HostTensor expected = ours.applyAll(pictures);
        try (OnnxModel model = pixelsOf(stage, Shape.batched(3, stage.height(), stage.width()))) {
            HostTensor made = Objects.requireNonNull(
                    model.run(Map.of("image", fed(pictures)), List.of("pixels")).get("pixels"));
            assertThat(made.shape()).isEqualTo(expected.shape());
            assertThat(largestDifference(made, expected)).isLessThan(1.001 / (255 * 0.224));
        }
    }

    private static PixelStage stage(
            Fit fit, int fitHeight, int fitWidth, int height, int width, boolean down, Filter filter) {
        return new PixelStage(fit, fitHeight, fitWidth, height, width, down, filter, COLOURS.mean(), COLOURS.std());
    }

    /** A network that returns its pixels. */
    private OnnxModel pixelsOf(PixelStage stage, Shape shape) {
        GraphBuilder g = new GraphBuilder();
        g.output("pixels", g.input(HieraEncoder.INPUT, shape));
        Path file = directory.resolve("pixels.onnx");
        OnnxGraph exported = new OnnxGraph("pixels", g.build(), List.of(stage), Map.of());
        OnnxExport.write(file, exported, new FormulaWeights(Map.of()), OnnxOptions.DEFAULT, Map.of());
        return new OnnxModel(file);
    }

    private static HostTensor fed(List<Rgb8Image> pictures) {
        Rgb8Image first = pictures.get(0);
        HostTensor fed = HostTensor.allocate(DType.UINT8, Shape.of(pictures.size(), first.height(), first.width(), 3));
        int next = 0;
        for (Rgb8Image picture : pictures) {
            fed.bytes().position(next).put(picture.bytes());
            next += picture.bytes().length;
        }
        return fed;
    }

    /** Noise over a gradient: every level occurs, and neighbours differ as much as possible. */
    private static Rgb8Image picture(int width, int height, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.length; i++) {
            int slope = 255 * (i / 3 % width) / width;
            pixels[i] = (byte) (seed % 2 == 0 ? slope : random.nextInt(256));
        }
        return Rgb8Image.wrap(width, height, pixels);
    }

    private static double largestDifference(HostTensor made, HostTensor expected) {
        double largest = 0;
        for (int i = 0; i < expected.elements(); i++) {
            largest = Math.max(largest, Math.abs(made.get(i) - expected.get(i)));
        }
        return largest;
    }
}
