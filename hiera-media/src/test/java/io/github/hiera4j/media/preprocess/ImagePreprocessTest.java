package io.github.hiera4j.media.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.PixelGoldens;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.resample.Resampler;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

public class ImagePreprocessTest {
    private static final JsonNode GOLDEN = Fixtures.golden("preprocess_images").get("images");

    static Stream<String> goldenImages() {
        return GOLDEN.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("goldenImages")
    void resizedAndCroppedPixelsMatchTheReference(String name) {
        Rgb8Image image = ImageReader.read(Fixtures.image(name));

        Rgb8Image pixels = ImagePreprocess.imageNet(224, 224).pixels(image);

        PixelGoldens.assertPixels(pixels, GOLDEN.get(name).get("resized256_crop224"), 0, 0);
    }

    @Test
    void tensorsHoldTheNormalisedPixelsInPlanes() {
        Rgb8Image image = ImageReader.read(Fixtures.image("baseline_420.jpg"));
        ImagePreprocess preprocess = ImagePreprocess.imageNet(224, 224);

        HostTensor tensor = preprocess.apply(image);

        Rgb8Image pixels = preprocess.pixels(image);
        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 3, 224, 224));
        for (int channel = 0; channel < 3; channel++) {
            float mean = Normalisation.IMAGENET.mean().get(channel).floatValue();
            float std = Normalisation.IMAGENET.std().get(channel).floatValue();
            for (int i = 0; i < 224 * 224; i += 97) {
                float expected = (pixels.sample(i % 224, i / 224, channel) / 255f - mean) / std;
                assertThat(tensor.floats().get(channel * 224 * 224 + i)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aBatchHoldsWhatEachImageGivesAlone() {
        List<Rgb8Image> images = goldenImages()
                .map(name -> ImageReader.read(Fixtures.image(name)))
                .toList();
        ImagePreprocess preprocess = ImagePreprocess.imageNet(64, 64);

        HostTensor batch = preprocess.applyAll(images);

        for (int i = 0; i < images.size(); i++) {
            assertThat(batch.slice(i).toFloats())
                    .isEqualTo(preprocess.apply(images.get(i)).toFloats());
        }
    }

    @ParameterizedTest
    @CsvSource({"224,0.9,248", "224,0.875,256", "224,1.0,224", "384,0.95,404"})
    void cropPctGivesTheResizedSide(int size, double cropPct, int side) {
        ImagePreprocess preprocess =
                ImagePreprocess.timm(size, size, cropPct, Interpolation.BICUBIC, Normalisation.IMAGENET);

        assertThat(preprocess.framing()).isEqualTo(new Framing.ResizeThenCrop(side, side));
    }

    @Test
    void aTimmConfigurationResizesAsPillowDoes() {
        Rgb8Image image = ImageReader.read(Fixtures.image("portrait.png")); // 333 x 500
        Normalisation half = new Normalisation(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

        Rgb8Image pixels =
                ImagePreprocess.timm(96, 96, 0.9, Interpolation.BILINEAR, half).pixels(image);

        Rgb8Image whole = Resampler.resize(image, Interpolation.BILINEAR, 106, 159);
        for (int y = 0; y < 96; y++) {
            for (int x = 0; x < 96; x++) { // offsets 5 and 31.5, which rounds to the even 32
                assertThat(pixels.sample(x, y, 0)).isEqualTo(whole.sample(x + 5, y + 32, 0));
            }
        }
    }

    @Test
    void anInputThatIsNotSquareIsCoveredWithoutDistortion() {
        Rgb8Image image = ImageReader.read(Fixtures.image("wide_panorama.jpg")); // 1920 x 300

        Rgb8Image pixels = ImagePreprocess.timm(64, 320, 1, Interpolation.BICUBIC, Normalisation.IMAGENET)
                .pixels(image);

        Rgb8Image whole = Resampler.resize(image, Interpolation.BICUBIC, 409, 64);
        assertThat(pixels.sample(0, 10, 1)).isEqualTo(whole.sample(44, 10, 1)); // 44.5 rounds to the even 44
        assertThat(pixels.sample(319, 63, 2)).isEqualTo(whole.sample(44 + 319, 63, 2));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.875, 1.0 / 3})
    void croppingBeforeResizingShowsTheSamePartAtEveryScale(double share) {
        Rgb8Image image = ImageReader.read(Fixtures.image("portrait.png")); // 333 x 500
        ImagePreprocess preprocess = new ImagePreprocess(
                64, 96, new Framing.CropThenResize(share), Interpolation.BICUBIC, Normalisation.IMAGENET);

        double width = 333 * share;
        double height = 222 * share;
        Rgb8Image expected = Resampler.resize(
                image,
                Interpolation.BICUBIC,
                (333 - width) / 2,
                (500 - height) / 2,
                (333 - width) / 2 + width,
                (500 - height) / 2 + height,
                96,
                64);
        assertThat(preprocess.pixels(image).rgb()).isEqualTo(expected.rgb());
    }

    @Test
    void everySizeCanBeCroppedBeforeResizing() {
        ImagePreprocess preprocess = new ImagePreprocess(
                224, 224, new Framing.CropThenResize(1), Interpolation.BILINEAR, Normalisation.IMAGENET);
        for (int width = 1; width < 300; width++) { // 224 times 29 / 224 is slightly more than 29
            Rgb8Image image = new Rgb8Image(width, 37, new byte[width * 37 * 3]);
            for (double place : new double[] {0, 0.5, 1}) {
                assertThat(preprocess.pixels(image, place).width()).isEqualTo(224);
            }
        }
    }

    @Test
    void threeCropsShowTheWholeShorterSideFromStartToEnd() {
        Rgb8Image image = ImageReader.read(Fixtures.image("wide_panorama.jpg")); // 1920 x 300
        for (Framing framing : List.of(new Framing.ResizeThenCrop(80, 80), new Framing.CropThenResize(0.8))) {
            ImagePreprocess preprocess =
                    new ImagePreprocess(64, 64, framing, Interpolation.BICUBIC, Normalisation.KINETICS);
            HostTensor views = new VideoPreprocess(preprocess).apply(List.of(image, image), 3);

            assertThat(views.shape()).isEqualTo(Shape.of(3, 3, 2, 64, 64));
            ImagePreprocess whole = new ImagePreprocess(
                    64, 64, framing.withoutMargin(64, 64), Interpolation.BICUBIC, Normalisation.KINETICS);
            for (int crop = 0; crop < 3; crop++) {
                Rgb8Image expected = whole.pixels(image, crop / 2.0);
                float red = (expected.sample(5, 60, 0) / 255f - 0.45f) / 0.225f;
                float blue = (expected.sample(63, 1, 2) / 255f - 0.45f) / 0.225f;
                assertThat(views.slice(crop).get(4096 + 60 * 64 + 5)).isEqualTo(red); // of the second frame
                assertThat(views.slice(crop).get(4 * 4096 + 64 + 63)).isEqualTo(blue); // of the first
            }
            assertThat(new VideoPreprocess(preprocess).apply(List.of(image)).toFloats())
                    .isEqualTo(preprocess.apply(image).toFloats());
        }
    }

    @Test
    void aLineTooLongToBeResizedIsRefused() {
        Rgb8Image line = new Rgb8Image(1, 60_000, new byte[3 * 60_000]);
        ImagePreprocess preprocess =
                ImagePreprocess.timm(224, 224, 1e-5, Interpolation.BICUBIC, Normalisation.IMAGENET);
        assertThatThrownBy(() -> preprocess.pixels(line))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("too long to be resized");
    }

    @Test
    void aBatchOfAnotherShapeIsRefused() {
        Rgb8Image image = ImageReader.read(Fixtures.image("tiny.png"));
        HostTensor batch = HostTensor.allocate(DType.FLOAT32, Shape.of(2, 3, 32, 32));

        assertThatThrownBy(() -> ImagePreprocess.imageNet(64, 64).applyInto(image, batch, 1))
                .isInstanceOf(HieraException.class)
                .hasMessage("image 1 needs a batch of shape [more than 1, 3, 64, 64], got [2, 3, 32, 32]");
    }
}
