package io.github.hiera4j.media;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ImagePreprocessTest {
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
}
