package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every mode and sub-format gives Pillow's pixels or is rejected by name. */
class ImageMatrixTest {
    static Stream<String> readable() {
        return ImageMatrix.FILES.keySet().stream()
                .filter(name -> ImageMatrix.EXPECTED.get(name).has("sha256"));
    }

    static Stream<String> refused() {
        return ImageMatrix.FILES.keySet().stream()
                .filter(name -> ImageMatrix.EXPECTED.get(name).has("refused"));
    }

    static Stream<String> rowByRowPngs() {
        return readable().filter(name -> name.startsWith("png_") && PngReducer.reduces(file(name), name));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void pixelsAreThoseOfPillow(String name) {
        JsonNode expected = ImageMatrix.EXPECTED.get(name);

        Rgb8Image image = ImageReader.read(file(name), name);

        assertThat(image.width()).isEqualTo(expected.get("width").intValue());
        assertThat(image.height()).isEqualTo(expected.get("height").intValue());
        assertThat(sha256(image)).isEqualTo(expected.get("sha256").stringValue());
        assertThat(MediaMemory.liveNativeBytes()).isZero();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNotReadIsRefusedByName(String name) {
        String reason = ImageMatrix.EXPECTED.get(name).get("refused").stringValue();

        assertThatThrownBy(() -> ImageReader.read(file(name), name))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(name + ": " + reason);
    }

    @ParameterizedTest
    @CsvSource({
        "bmp16_565.bmp,090ff2afd9583b82444da16191ea0e1c3843ded2c2376a91beb50977f9c19546",
        "tif_big.tif,d6a861d41732a40a83bb65e35e33ac8e2fe93428f68959ec419399961132e215",
        "tif_float255.tif,9107ff0a3679c76c5722f287d4172400ba1b852ea7c4295cca8fc6b24e538a2a",
        "tif_rgb16_3_le.tif,3d9379dd0cc3de87bd4635ffbd6d17747cd2f776b55d8da521f7361d17ae6739",
        "tif_rgb16_le.tif,569bc3dd36d3cf36f2e6c4a8e75c5531c9e4984e1922347162a090d4ef4c3494"
    })
    void filesThatUsersReportedGiveThePixelsOfPillow(String name, String digest) {
        assertThat(sha256(ImageReader.read(Fixtures.image("reports/" + name)))).isEqualTo(digest);
    }

    @Test
    void aLabImageIsRefusedAsLab() {
        assertThatThrownBy(() -> ImageReader.read(Fixtures.image("reports/lab.tif")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("LAB");
    }

    @ParameterizedTest
    @MethodSource("rowByRowPngs")
    void aPngReadRowByRowIsTheOneReadWhole(String name) {
        byte[] file = file(name);
        ImageHeader header = ImageHeader.parse(file, name);
        if (header.orientation() != Orientation.UPRIGHT) {
            return; // rows are as stored
        }

        assertThat(PngReducer.decode(file, header, name, 1)).isEqualTo(ImageReader.read(file, name));
    }

    @ParameterizedTest
    @CsvSource({"png_rgb8.png", "png_g16.png", "tif_rgb8_le.tif", "tif_tiled_g16.tif"})
    void aReducedPixelIsTheMeanOfItsSquare(String name) {
        byte[] file = file(name);
        ImageHeader header = ImageHeader.parse(file, name);
        Rgb8Image whole = ImageReader.read(file, name);

        Rgb8Image half =
                name.startsWith("png") ? PngReducer.decode(file, header, name, 2) : TiffDecoder.decode(file, name, 2);

        assertThat(half.width()).isEqualTo(whole.width() / 2);
        assertThat(half.height()).isEqualTo(whole.height() / 2);
        for (int y = 0; y < half.height(); y++) {
            for (int x = 0; x < half.width(); x++) {
                int sum = whole.sample(2 * x, 2 * y, 1)
                        + whole.sample(2 * x + 1, 2 * y, 1)
                        + whole.sample(2 * x, 2 * y + 1, 1)
                        + whole.sample(2 * x + 1, 2 * y + 1, 1);
                assertThat(half.sample(x, y, 1)).isEqualTo((sum + 2) / 4);
            }
        }
    }

    private static byte[] file(String name) {
        return Objects.requireNonNull(ImageMatrix.FILES.get(name), name);
    }

    private static String sha256(Rgb8Image image) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
