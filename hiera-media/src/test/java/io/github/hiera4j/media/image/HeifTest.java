package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** HEIC and AVIF: single items, tile grids, rotation, alpha, sequences. See src/test/python/make_heif_images.py. */
class HeifTest {
    private static final JsonNode INDEX = Fixtures.json("/images/heif/index.json");

    static Stream<String> files() {
        return INDEX.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void pixelsAreThoseOfPillow(String name) throws NoSuchAlgorithmException {
        Path file = Fixtures.image("heif/" + name);
        JsonNode expected = INDEX.get(name);

        Rgb8Image image = ImageReader.read(file);

        assertThat(MediaFile.recognise(file).format()).isEqualTo(MediaFormat.HEIF);
        assertThat(image.width()).isEqualTo(expected.get("width").intValue());
        assertThat(image.height()).isEqualTo(expected.get("height").intValue());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(image.toByteArray());
        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo(expected.get("sha256").stringValue());
        assertThat(MediaMemory.liveNativeBytes()).isZero();
    }

    @Test
    void bytesInMemoryGiveThePixelsOfTheFile() {
        Path file = Fixtures.image("heif/heic_grid_odd.heic");

        assertThat(ImageReader.read(Fixtures.bytes(file), "upload")).isEqualTo(ImageReader.read(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"avif_420.avif", "heic_420.heic", "heic_grid_odd.heic"})
    void halfAFileIsRefused(String name) {
        byte[] whole = Fixtures.bytes(Fixtures.image("heif/" + name));
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertThatThrownBy(() -> ImageReader.read(half, name))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(name + ": ");
    }

    @Test
    void aPictureBeyondTheLimitIsRefused() {
        byte[] file = Fixtures.bytes(Fixtures.image("heif/heic_grid_odd.heic"));

        assertThatThrownBy(() -> ImageReader.read(file, "upload", 1000))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("is more than the 1000 allowed");
    }
}
