package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.Rgb8Image;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Formats in addition to the shared fixtures, each with Pillow's pixels; see src/test/python/make_image_variants.py. */
public class ImageVariantsTest {
    private static final JsonNode INDEX = Fixtures.json("/images/variants/index.json");

    static Stream<String> variants() {
        return INDEX.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void pixelsAreThoseOfPillow(String name) {
        byte[] pixels = Fixtures.bytes(Fixtures.image("variants/" + name + ".rgb"));
        Rgb8Image expected = new Rgb8Image(
                INDEX.get(name).get(0).intValue(), INDEX.get(name).get(1).intValue(), pixels);

        assertThat(ImageReader.read(Fixtures.image("variants/" + name))).isEqualTo(expected);
    }
}
