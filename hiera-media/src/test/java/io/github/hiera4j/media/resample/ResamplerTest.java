package io.github.hiera4j.media.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.PixelGoldens;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.HieraException;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

public class ResamplerTest {
    private static final JsonNode GOLDEN =
            Fixtures.golden("preprocess_images").get("images").get("portrait.png");
    private static final Rgb8Image PORTRAIT = ImageReader.read(Fixtures.image("portrait.png"));

    @ParameterizedTest
    @CsvSource({"down_bicubic,BICUBIC", "down_bilinear,BILINEAR", "up_bicubic,BICUBIC", "up_bilinear,BILINEAR"})
    void wholeImagesMatchTheReferenceExactly(String key, Interpolation interpolation) {
        JsonNode golden = GOLDEN.get(key);

        Rgb8Image resized = Resampler.resize(
                PORTRAIT,
                interpolation,
                golden.get("width").intValue(),
                golden.get("height").intValue());

        PixelGoldens.assertPixels(resized, golden, 0, 0);
    }

    /** CRC-32 of the pixels computed by Pillow 13.0. */
    @ParameterizedTest
    @CsvSource({
        "LANCZOS, 97, 141, 623601293",
        "LANCZOS, 500, 611, 3653982700",
        "LANCZOS, 333, 200, 2238728370",
        "BOX, 97, 141, 2519086697",
        "BOX, 500, 611, 4285110833",
        "BOX, 333, 200, 716143205",
        "HAMMING, 97, 141, 3525383820",
        "HAMMING, 500, 611, 1434940586",
        "HAMMING, 333, 200, 1085389648",
        "BICUBIC, 97, 141, 812142662",
    })
    void everyFilterMatchesPillowExactly(Interpolation interpolation, int width, int height, long crc) {
        CRC32 checksum = new CRC32();
        checksum.update(Resampler.resize(PORTRAIT, interpolation, width, height).toByteArray());
        assertThat(checksum.getValue()).isEqualTo(crc);
    }

    @Test
    void aBoxMatchesTheReferenceExactly() {
        Rgb8Image resized = Resampler.resize(PORTRAIT, Interpolation.BICUBIC, 31, 57, 231, 303, 224, 224);

        PixelGoldens.assertPixels(resized, GOLDEN.get("crop_box_31_57_231_303_to_224_bicubic"), 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void theSameSizeGivesTheSamePixels(Interpolation interpolation) {
        assertThat(Resampler.resize(PORTRAIT, interpolation, PORTRAIT.width(), PORTRAIT.height()))
                .isEqualTo(PORTRAIT);
    }

    @ParameterizedTest
    @EnumSource
    void onePixelFillsAnySize(Interpolation interpolation) {
        Rgb8Image pixel = new Rgb8Image(1, 1, new byte[] {10, (byte) 200, 30});

        Rgb8Image filled = Resampler.resize(pixel, interpolation, 5, 3);

        assertThat(filled.sample(4, 2, 1)).isEqualTo(200);
        assertThat(Resampler.resize(filled, interpolation, 1, 1)).isEqualTo(pixel);
    }

    @Test
    void aBoxOutsideTheImageIsRefused() {
        assertThatThrownBy(() -> Resampler.resize(PORTRAIT, Interpolation.BICUBIC, 300, 0, 400, 10, 8, 8))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("is not inside an image of 333 x 500");
    }

    @Test
    void unknownFiltersAreRefusedByName() {
        assertThatThrownBy(() -> Interpolation.parse("nearest"))
                .isInstanceOf(HieraException.class)
                .hasMessage("unknown interpolation 'nearest': expected bilinear, bicubic, lanczos, box or hamming");
    }
}
