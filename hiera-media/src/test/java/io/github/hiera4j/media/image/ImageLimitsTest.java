package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ImageLimitsTest {
    private static final ImageLimits LIMITS = ImageLimits.byDefault();

    @Test
    void aPhonePictureOf108MegapixelsIsReadInHalfItsSize() {
        Rgb8Image image = ImageReader.read(Fixtures.image("reports/phone_108mp.png"));

        assertThat(image.width()).isEqualTo(6000);
        assertThat(image.height()).isEqualTo(4500);
        assertThat(image.sample(0, 0, 0)).isEqualTo(255);
        assertThat(image.sample(5999, 4499, 2)).isEqualTo(255);
    }

    @Test
    void aProgressiveJpegWhoseCoefficientsTakeTooMuchIsReduced() {
        long coefficients = 2L * 3 * 8192 * 8192;
        ImageHeader progressive =
                new ImageHeader(8192, 8192, ImageHeader.Samples.JPEG, Orientation.UPRIGHT, coefficients);
        ImageHeader baseline = new ImageHeader(8192, 8192, ImageHeader.Samples.JPEG, Orientation.UPRIGHT);

        assertThat(LIMITS.factor(progressive, true)).isEqualTo(2);
        assertThat(LIMITS.factor(baseline, true)).isEqualTo(1);
        assertThat(LIMITS.factor(progressive, false)).isZero();
    }

    @Test
    void bombsAreNotEvenReduced() {
        ImageHeader bomb = new ImageHeader(60000, 60000, ImageHeader.Samples.PNG, Orientation.UPRIGHT);

        assertThat(LIMITS.factor(bomb, true)).isZero();
    }

    @Test
    void theMessageNamesWhatRaisesTheLimit() {
        byte[] bomb = Fixtures.bytes(Fixtures.image("broken/decompression_bomb.png"));

        assertThatThrownBy(() -> ImageReader.read(bomb, "bomb.png"))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith("bomb.png: a picture of 60000 x 60000 pixels is more than the 67108864 or takes"
                        + " more than the 640 MB allowed")
                .hasMessageContaining("-Dhiera.media.maxPixels=N");
    }

    /** Each scan takes a few bytes and a pass over the whole image. */
    @Test
    void aJpegOfThousandsOfScansIsRefusedAtOnce() {
        byte[] file = Fixtures.bytes(Fixtures.image("progressive_444.jpg"));
        int scan = file.length - 2;
        while (file[scan] != (byte) 0xff || file[scan + 1] != (byte) 0xda) {
            scan--;
        }
        byte[] repeated = Arrays.copyOfRange(file, scan, file.length - 2);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write(file, 0, file.length - 2);
        for (int i = 0; i < 600; i++) {
            bomb.writeBytes(repeated);
        }
        bomb.write(file, file.length - 2, 2);
        assertThatThrownBy(() -> ImageReader.decode(bomb.toByteArray(), "bomb.jpg"))
                .isInstanceOf(HieraException.class)
                .hasMessageMatching("bomb\\.jpg: a JPEG file of more than the \\d+ scans allowed for .*");
    }

    @Test
    void theSearchForDamageComesAfterTheLimits() {
        byte[] file = Fixtures.bytes(Fixtures.image("progressive_444.jpg"));
        for (int at = 0; at + 8 < file.length; at++) {
            if (file[at] == (byte) 0xff && file[at + 1] == (byte) 0xc2) {
                Arrays.fill(file, at + 5, at + 9, (byte) 0xfe); // 65278 x 65278 pixels
                break;
            }
        }
        assertThatThrownBy(() -> ImageReader.decode(file, "large.jpg"))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("65278 x 65278");
    }

    @Test
    void aJpegOfMoreThanFourComponentsIsRefused() {
        byte[] file = Fixtures.bytes(Fixtures.image("baseline_420.jpg"));
        for (int at = 0; at + 9 < file.length; at++) {
            if (file[at] == (byte) 0xff && file[at + 1] == (byte) 0xc0) {
                file[at + 9] = (byte) 200;
                break;
            }
        }
        assertThatThrownBy(() -> ImageReader.decode(file, "many.jpg"))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("many.jpg");
    }
}
