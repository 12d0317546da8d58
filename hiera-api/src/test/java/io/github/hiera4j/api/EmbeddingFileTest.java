package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names are stored with their vectors, and an interrupted file is continued. */
class EmbeddingFileTest {
    @TempDir
    Path directory;

    private void write(String name) {
        try (EmbeddingFile file = new EmbeddingFile(directory.resolve(name), 2, "settings")) {
            file.append("cat,1.jpg", new float[] {1, 2});
            file.append("Köln \"🐈\".jpg", new float[] {3, 4});
            file.finish();
        }
        assertThat(directory.toFile().list()).containsExactly(name);
    }

    @Test
    void anArchiveHoldsVectorsAndNamesAsNumPyReadsThem() throws IOException {
        write("x.npz");
        try (ZipFile zip = new ZipFile(directory.resolve("x.npz").toFile())) {
            byte[] rows = entry(zip, "embeddings.npy");
            assertThat(header(rows)).startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2,), }");
            ByteBuffer values = ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(values.getFloat(128 + 12)).isEqualTo(4);

            byte[] names = entry(zip, "names.npy");
            assertThat(header(names)).startsWith("{'descr': '<U12', 'fortran_order': False, 'shape': (2,), }");
            String text = new String(names, 128, names.length - 128, Charset.forName("UTF-32LE"));
            assertThat(text.replace("\0", "|")).isEqualTo("cat,1.jpg|||Köln \"🐈\".jpg|".substring(0, 24 + 1));
        }
    }

    private static byte[] entry(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        try (InputStream stream = zip.getInputStream(entry)) {
            return stream.readAllBytes();
        }
    }

    private static String header(byte[] array) {
        return new String(array, 10, 118, StandardCharsets.US_ASCII);
    }

    @Test
    void aSafetensorsFileHasTheNamesInItsMetadata() {
        write("x.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("x.safetensors"))) {
            assertThat(file.read("embeddings").toFloats()).containsExactly(1, 2, 3, 4);
            assertThat(file.metadata()).containsEntry("names", "[\"cat,1.jpg\",\"Köln \\\"🐈\\\".jpg\"]");
        }
    }

    @Test
    void anUnfinishedFileContinuesAfterItsLastCompleteRow() throws IOException {
        Path target = directory.resolve("x.npy");
        try (EmbeddingFile file = new EmbeddingFile(target, 2, "settings")) {
            file.append("a", new float[] {1, 2});
            file.append("b", new float[] {3, 4});
        }
        assertThat(target).doesNotExist();
        Files.write(directory.resolve("x.npy.part"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        Files.writeString(directory.resolve("x.npy.part.names"), "\"c", StandardOpenOption.APPEND);

        try (EmbeddingFile file = new EmbeddingFile(target, 2, "settings")) {
            assertThat(file.names()).containsExactly("a", "b");
            file.append("c", new float[] {5, 6});
            file.finish();
        }
        byte[] bytes = Files.readAllBytes(target);
        assertThat(bytes).hasSize(128 + 24);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(128 + 20))
                .isEqualTo(6);
        assertThat(directory.toFile().list()).containsExactly("x.npy");
    }

    @Test
    void otherSettingsStartAgain() {
        Path target = directory.resolve("x.npz");
        try (EmbeddingFile file = new EmbeddingFile(target, 2, "these weights")) {
            file.append("a", new float[] {1, 2});
        }
        try (EmbeddingFile file = new EmbeddingFile(target, 2, "other weights")) {
            assertThat(file.names()).isEmpty();
        }
        try (EmbeddingFile file = new EmbeddingFile(target, 3, "other weights")) {
            assertThat(file.names()).isEmpty();
        }
    }

    @Test
    void anotherEndingIsRefused() {
        assertThatThrownBy(() -> new EmbeddingFile(directory.resolve("x.csv"), 2, ""))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(".npz, .safetensors or .npy");
        assertThat(directory).isEmptyDirectory();
    }
}
