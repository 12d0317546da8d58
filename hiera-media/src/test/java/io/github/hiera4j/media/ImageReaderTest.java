package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ImageReaderTest {
    private static final JsonNode GOLDEN = Fixtures.golden("preprocess_images").get("images");

    static Stream<String> goldenImages() {
        return GOLDEN.propertyNames().stream();
    }

    static List<Path> brokenImages() {
        return Fixtures.files("images/broken");
    }

    @ParameterizedTest
    @MethodSource("goldenImages")
    void decodedPixelsMatchTheReference(String name) {
        JsonNode golden = GOLDEN.get(name);

        Rgb8Image image = ImageReader.read(Fixtures.image(name));

        assertThat(image.height()).isEqualTo(golden.get("decoded_shape").get(0).intValue());
        assertThat(image.width()).isEqualTo(golden.get("decoded_shape").get(1).intValue());
        // Every format, JPEG and CMYK included, meets the reference's pixels exactly.
        PixelGoldens.assertPixels(image, golden.get("decoded"), 0, 0);
        assertThat(MediaMemory.liveNativeBytes()).isZero();
    }
}
