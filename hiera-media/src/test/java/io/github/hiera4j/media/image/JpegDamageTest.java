package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JpegDamageTest {
    @Test
    void aFileWithFlippedBitsIsReadWithAWarningThatNamesIt() {
        Path file = Fixtures.image("broken/bitflips.jpg");

        DecodedImage decoded = ImageReader.decode(file);

        assertThat(decoded.image()).isEqualTo(ImageReader.read(file));
        assertThat(decoded.warnings())
                .singleElement()
                .asString()
                .matches(".*bitflips\\.jpg: the JPEG data is damaged at byte \\d+; the picture is wrong from there on");
    }

    @Test
    void soundFilesOfEveryKindHaveNoWarning() throws IOException {
        try (Stream<Path> files = Files.walk(Fixtures.image("exif_rotate6.jpg").getParent())) {
            assertThat(files.filter(file -> file.toString().endsWith(".jpg"))
                            .filter(file -> !file.toString().contains("broken")))
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(ImageReader.decode(file).warnings()).isEmpty());
        }
    }

    @Test
    void overwrittenDataIsFound() {
        byte[] sound = Fixtures.bytes(Fixtures.image("exif_rotate6.jpg"));
        Random random = new Random(1); // of these seeds none writes a premature end marker, which breaks no rule
        byte[] damage = new byte[2048];
        int start = sound.length / 2;
        for (int round = 0; round < 20; round++) {
            byte[] file = sound.clone();
            random.nextBytes(damage);
            System.arraycopy(damage, 0, file, start, Math.min(damage.length, file.length - start - 2));

            assertThat(JpegDamage.find(file)).isPresent();
            assertThat(JpegDamage.find(file).getAsInt()).isBetween(start - 1, sound.length);
        }
    }
}
