package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.api.internal.BufferedImages;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.testing.TestFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every kind of input: files, bytes, streams, decoded images. */
@Timeout(60)
class MediaInputTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");
    private static final Path FILM = TestFiles.resource("/media/short_7f.mp4");

    private static HieraClassifier images;
    private static HieraClassifier videos;

    @BeforeAll
    static void load() {
        images = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"));
        videos = HieraClassifier.load(TestFiles.checkpoint("nano_video_official.pth"));
    }

    @AfterAll
    static void close() {
        images.close();
        videos.close();
    }

    @Test
    void bytesStreamsAndDecodedImagesGiveWhatTheFileGives() throws IOException {
        List<Classification> file = images.classify(PICTURE, 10);
        byte[] bytes = Files.readAllBytes(PICTURE);
        assertThat(images.classify(MediaInput.of("bytes", bytes), 10)).isEqualTo(file);
        assertThat(images.classify(MediaInput.of("stream", new ByteArrayInputStream(bytes)), 10))
                .isEqualTo(file);
        assertThat(images.classify(MediaInput.of("pixels", ImageReader.read(PICTURE)), 10))
                .isEqualTo(file);
        BufferedImage decoded = ImageIO.read(PICTURE.toFile());
        assertThat(images.classify(MediaInput.of("decoded", decoded), 10)).isEqualTo(file);
    }

    @Test
    void videosInMemoryGiveWhatTheFileGivesAndLeaveNoTemporaryFile() throws Exception {
        byte[] bytes = Files.readAllBytes(FILM);
        for (HieraClassifier model : List.of(images, videos)) {
            List<Classification> file = model.classify(FILM, 10);
            Set<Path> before = temporaryFiles();
            assertThat(model.classify(MediaInput.of("bytes", bytes), 10)).isEqualTo(file);
            assertThat(model.classify(MediaInput.of("stream", new ByteArrayInputStream(bytes)), 10))
                    .isEqualTo(file);
            assertNoneIsLeft(before);
        }
    }

    /** Other tests that run at the same time have temporary files too, but delete them soon. */
    private static void assertNoneIsLeft(Set<Path> before) throws Exception {
        for (int attempt = 0; attempt < 500 && !before.containsAll(temporaryFiles()); attempt++) {
            Thread.sleep(20);
        }
        assertThat(before).containsAll(temporaryFiles());
    }

    private static Set<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".video"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void failuresCarryTheCallersNameAndTheirKind() throws Exception {
        byte[] film = Files.readAllBytes(FILM);
        Set<Path> before = temporaryFiles();
        assertThatThrownBy(() -> images.classify(MediaInput.of("upload 7", Arrays.copyOf(film, 300)), 1))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith("upload 7: ");
        assertNoneIsLeft(before);
        assertThatThrownBy(() -> images.classify(
                        MediaInput.of("upload 8", "text".getBytes(java.nio.charset.StandardCharsets.UTF_8)), 1))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageStartingWith("upload 8: ");
        byte[] picture = Files.readAllBytes(PICTURE);
        assertThatThrownBy(() -> images.classify(MediaInput.of("upload 9", Arrays.copyOf(picture, 200)), 1))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith("upload 9: ");
        assertThatThrownBy(() -> images.classify(Path.of("no such.jpg"), 1)).isInstanceOf(MissingFileException.class);
        assertThatThrownBy(() -> HieraClassifier.load(Path.of("no such.pth"))).isInstanceOf(MissingFileException.class);
    }

    @Test
    void aStreamIsClosedAndItsFailureIsNamed() {
        boolean[] closed = {false};
        MediaInput input = MediaInput.of("socket", new FilterInputStream(new ByteArrayInputStream(new byte[9])) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        });
        assertThatThrownBy(() -> images.classify(input, 1))
                .isInstanceOf(HieraException.class)
                .hasMessage("socket: cannot be read: connection reset");
        assertThat(closed[0]).isTrue();
    }

    @Test
    void greyImagesKeepTheirSamples() {
        BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage deep = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
        for (int x = 0; x < 256; x++) {
            grey.getRaster().setSample(x, 0, 0, x);
            deep.getRaster().setSample(x, 0, 0, x * 257 + (x < 255 ? 100 : 0));
        }
        for (Rgb8Image image : List.of(BufferedImages.toRgb(grey), BufferedImages.toRgb(deep))) {
            for (int x = 0; x < 256; x++) {
                assertThat(image.sample(x, 0, 1)).isEqualTo(x);
            }
        }
    }

    @Test
    void alphaIsDroppedWithoutBlending() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x40_0A_80_FF);
        Rgb8Image rgb = BufferedImages.toRgb(image);
        assertThat(List.of(rgb.sample(0, 0, 0), rgb.sample(0, 0, 1), rgb.sample(0, 0, 2)))
                .containsExactly(0x0A, 0x80, 0xFF);
    }
}
