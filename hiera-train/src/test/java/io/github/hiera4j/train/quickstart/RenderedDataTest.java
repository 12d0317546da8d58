package io.github.hiera4j.train.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.media.Rgb8Image;
import java.awt.image.BufferedImage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The quickstart's data are bit for bit those that its documented accuracies were measured with. The digests are those of the first
 * version with these data; the Java runtime draws the shapes, so each of its versions has its own digests.
 */
class RenderedDataTest {
    private static final int VERSION = Runtime.version().feature();

    private static final Map<Integer, String> PICTURES = Map.of(
            17, "d3e8169b4c1391d6af82bcf815260fba9f27cda22d37b04a60bfcb28dc78168d",
            25, "11194368352ca440802dea327f2f486b20de925834e9230fede70be2cffd83d4");

    private static final Map<Integer, String> CLIPS = Map.of(
            17, "3df26b6349ecd537af60eff99eae47700acf0e2896a15b88c2e2a737743db61f",
            25, "5d246a9581c6b6bc5dfe3b42b5c0fdc39335b082ae6df69755452a148a508277");

    private final MessageDigest digest;

    RenderedDataTest() throws NoSuchAlgorithmException {
        digest = MessageDigest.getInstance("SHA-256");
    }

    @Test
    void picturesHaveTheBitsTheyAlwaysHad() {
        assumeTrue(PICTURES.containsKey(VERSION), "the digest on this version of Java is not known");
        for (int number = 0; number < 40; number++) {
            BufferedImage picture = ShapePictures.picture(number, 1);
            for (int y = 0; y < picture.getHeight(); y++) {
                for (int x = 0; x < picture.getWidth(); x++) {
                    int packed = picture.getRGB(x, y);
                    digest.update(new byte[] {(byte) (packed >> 16), (byte) (packed >> 8), (byte) packed});
                }
            }
        }
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(PICTURES.get(VERSION));
    }

    @Test
    void clipsHaveTheBitsTheyAlwaysHad() {
        assumeTrue(CLIPS.containsKey(VERSION), "the digest on this version of Java is not known");
        for (int number = 0; number < 16; number++) {
            MotionClips.frames(number, 3).forEach(this::add);
        }
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(CLIPS.get(VERSION));
    }

    private void add(Rgb8Image frame) {
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                for (int channel = 0; channel < 3; channel++) {
                    digest.update((byte) frame.sample(x, y, channel));
                }
            }
        }
    }
}
