package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.JvmProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JpegDamageTest {
    @Test
    void aFileWithFlippedBitsIsReadWithAWarningThatNamesIt() {
        Path file = Fixtures.image("broken/bitflips.jpg");

        DecodedImage decoded = ImageReader.decode(file);

        assertThat(decoded.image()).isEqualTo(ImageReader.read(file));
        assertThat(decoded.warnings())
                .singleElement()
                .asString()
                .matches(
                        ".*bitflips\\.jpg: the JPEG data is damaged at byte \\d+ or before; the picture is wrong from there on");
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
    void soundFilesOfEverySubFormatHaveNone() throws IOException {
        int read = 0;
        for (Map.Entry<String, byte[]> file : ImageMatrix.files().entrySet()) {
            if (MediaFormat.detect(file.getValue())
                            .filter(MediaFormat.JPEG::equals)
                            .isPresent()
                    && isRead(file)) {
                assertThat(JpegDamage.find(file.getValue())).as(file.getKey()).isEmpty();
                read++;
            }
        }
        assertThat(read).isGreaterThan(50);
    }

    private static boolean isRead(Map.Entry<String, byte[]> file) {
        try {
            ImageReader.read(file.getValue(), file.getKey());
            return true;
        } catch (HieraException refused) {
            return false;
        }
    }

    /** The same damage is detected as in libjpeg: about a third of single flipped bits; the others change only values, not codes. */
    @ParameterizedTest
    @ValueSource(strings = {"baseline_420.jpg", "exif_rotate6.jpg", "gray.jpg", "progressive_444.jpg"})
    void aFlippedBitThatChangesACodeIsFoundBehindIt(String name) {
        byte[] sound = Fixtures.bytes(Fixtures.image(name));
        Random random = new Random(7);
        int found = 0;
        for (int round = 0; round < 60; round++) {
            byte[] file = sound.clone();
            int at = sound.length / 4 + random.nextInt(sound.length / 2);
            file[at] ^= (byte) (1 << random.nextInt(8));
            OptionalInt damage = JpegDamage.find(file);
            found += damage.isPresent() ? 1 : 0;
            assertThat(damage.orElse(at)).isBetween(at - 2, sound.length);
        }
        assertThat(found).isGreaterThanOrEqualTo(10);
    }

    /** OpenCV prints libjpeg's messages, but the JDK's libjpeg does not; the pixels are the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline_420.jpg",
                "variants/subsampling1.jpg",
                "variants/restart.jpg",
                "gray.jpg",
                "progressive_444.jpg",
                "variants/progressive1.jpg"
            })
    void damagedFilesAreReadWithTheSamePixelsButWithoutMessagesOfTheDecoder(String name) {
        byte[] sound = Fixtures.bytes(Fixtures.image(name));
        Random random = new Random(3);
        int quiet = 0;
        for (int round = 0; round < 24; round++) {
            byte[] file = sound.clone();
            file[sound.length / 3 + random.nextInt(sound.length / 2)] ^= (byte) (1 << random.nextInt(8));
            Optional<Rgb8Image> picture =
                    JpegDamage.find(file).isPresent() ? DamagedJpeg.decode(file) : Optional.empty();
            if (picture.isPresent()) {
                assertThat(picture.get()).isEqualTo(OpenCvDecoder.colour(file, name));
                quiet++;
            }
        }
        assertThat(quiet > 2).isEqualTo(DamagedJpeg.isLikeOpenCv());
    }

    /** Some JDKs have libjpeg 6b, whose pixels after damage are different: with them OpenCV decodes everything. */
    @Test
    void aDecoderWithOtherPixelsIsNotUsed() {
        byte[] sound = Fixtures.bytes(Fixtures.image("gray.jpg"));
        assertThat(DamagedJpeg.decode(sound).isPresent()).isEqualTo(DamagedJpeg.isLikeOpenCv());
    }

    @Test
    void whatTheJdkWouldFillUpOrSmoothIsLeftToOpenCv() {
        byte[] baseline = Fixtures.bytes(Fixtures.image("baseline_420.jpg"));
        assertThat(DamagedJpeg.decode(Arrays.copyOf(baseline, baseline.length / 2)))
                .isEmpty();
        byte[] progressive = Fixtures.bytes(Fixtures.image("progressive_444.jpg"));
        assertThat(DamagedJpeg.decode(progressive).isPresent()).isEqualTo(DamagedJpeg.isLikeOpenCv());
        byte[] lastScanLost = progressive.clone();
        for (int at = progressive.length - 2; ; at--) {
            if (progressive[at] == (byte) 0xff && progressive[at + 1] == (byte) 0xda) {
                lastScanLost[at + 1] = (byte) 0xd9;
                break;
            }
        }
        assertThat(DamagedJpeg.decode(lastScanLost)).isEmpty();
    }

    @Test
    void noBytesMakeTheSearchFail() {
        Random random = new Random(11);
        for (String name : List.of("baseline_420.jpg", "progressive_444.jpg", "variants/restart.jpg")) {
            byte[] sound = Arrays.copyOf(Fixtures.bytes(Fixtures.image(name)), 2500);
            for (int round = 0; round < 2000; round++) {
                byte[] file = Arrays.copyOf(sound, 3 + random.nextInt(sound.length - 3));
                for (int i = random.nextInt(6); i > 0; i--) {
                    file[2 + random.nextInt(file.length - 2)] = (byte) random.nextInt(256);
                }
                assertThat(JpegDamage.find(file)).isNotNull();
            }
        }
    }

    /** Reads the given files in a separate process, because native code writes to the standard error of the process. */
    static final class Reader {
        public static void main(String[] files) {
            for (String file : files) {
                System.out.println(ImageReader.decode(Path.of(file)).warnings().size());
            }
        }
    }

    @Test
    void nothingButTheWarningIsPrintedWhereTheJdkDecodesAsOpenCv() throws Exception {
        List<String> command = JvmProcess.java();
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                Fixtures.image("broken/bitflips.jpg").toString()));
        Process reader = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.PIPE)
                .start();
        String printed = new String(reader.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("1\n");
        assertThat(printed.lines().filter(line -> line.contains("JPEG"))).hasSize(DamagedJpeg.isLikeOpenCv() ? 0 : 1);
    }

    @Test
    void aScanOfFewerOrMoreBlocksThanThePictureHasIsFound() {
        byte[] sound = Fixtures.bytes(Fixtures.image("baseline_420.jpg"));
        byte[] shorter = Arrays.copyOf(sound, sound.length - 40);
        System.arraycopy(sound, sound.length - 2, shorter, shorter.length - 2, 2);
        byte[] longer = Arrays.copyOf(sound, sound.length + 40);
        System.arraycopy(sound, sound.length - 2, longer, longer.length - 2, 2);
        Arrays.fill(longer, sound.length - 2, longer.length - 2, (byte) 0x55);

        assertThat(JpegDamage.find(sound)).isEmpty();
        assertThat(JpegDamage.find(shorter)).isPresent();
        assertThat(JpegDamage.find(longer)).isPresent();
    }

    @Test
    void overwrittenDataIsFound() {
        byte[] sound = Fixtures.bytes(Fixtures.image("exif_rotate6.jpg"));
        Random random = new Random(1); // this seed writes no premature end marker, which would violate no rule
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
