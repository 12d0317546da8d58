package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.PixelGoldens;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

public class ImageReaderTest {
    private static final JsonNode GOLDEN = Fixtures.golden("preprocess_images").get("images");

    static Stream<String> goldenImages() {
        return GOLDEN.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("goldenImages")
    void decodedPixelsMatchTheReference(String name) {
        JsonNode golden = GOLDEN.get(name);

        Rgb8Image image = ImageReader.read(Fixtures.image(name));

        assertThat(image.height()).isEqualTo(golden.get("decoded_shape").get(0).intValue());
        assertThat(image.width()).isEqualTo(golden.get("decoded_shape").get(1).intValue());
        // Every format, including JPEG and CMYK, matches the reference pixels exactly.
        PixelGoldens.assertPixels(image, golden.get("decoded"), 0, 0);
        assertThat(MediaMemory.liveNativeBytes()).isZero();
    }

    @Test
    void anImageBeyondTheLimitIsRefusedFromItsHeader() {
        byte[] png = Fixtures.bytes(Fixtures.image("rgba.png"));

        assertThatThrownBy(() -> ImageReader.read(png, "upload", 77_999))
                .isInstanceOf(HieraException.class)
                .hasMessage("upload: a picture of 300 x 260 pixels is more than the 77999 allowed;"
                        + " scale it down or raise the limit");
        assertThat(ImageReader.read(png, "upload", 78_000).width()).isEqualTo(300);
    }

    @Test
    void contentCountsNotTheName(@TempDir Path folder) throws IOException {
        Path misnamed = Files.copy(Fixtures.image("scene.webp"), folder.resolve("photo.jpg"));

        assertThat(MediaFile.recognise(misnamed).format()).isEqualTo(MediaFormat.WEBP);
        assertThat(ImageReader.read(misnamed)).isEqualTo(ImageReader.read(Fixtures.image("scene.webp")));
    }

    @Test
    void missingFilesFoldersAndVideosAreRefused(@TempDir Path folder) {
        Path missing = folder.resolve("nothing.png");
        Path video = Fixtures.video("short_7f.mp4");

        assertThatThrownBy(() -> ImageReader.read(missing))
                .isInstanceOf(HieraException.class)
                .hasMessage(missing + ": no such file");
        assertThatThrownBy(() -> ImageReader.read(folder))
                .isInstanceOf(HieraException.class)
                .hasMessage(folder + ": expected a file, got a directory");
        assertThatThrownBy(() -> ImageReader.read(video))
                .isInstanceOf(HieraException.class)
                .hasMessage(video + ": expected an image, got a video (MP4 or QuickTime)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scene.gif", "scene.webp", "scene.tiff", "palette.png", "scene.bmp", "cmyk.jpg"})
    void halfAFileIsRefused(String name) {
        byte[] whole = Fixtures.bytes(Fixtures.image(name));
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertThatThrownBy(() -> ImageReader.read(half, name))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(name + ": ");
        assertThat(MediaMemory.liveNativeBytes()).isZero();
    }
}
