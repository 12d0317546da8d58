package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.ShardedSafetensors;
import io.github.hiera4j.model.weights.torch.TorchCheckpoint;
import io.github.hiera4j.model.weights.torch.TorchCheckpointWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class LargeCheckpointTest {
    private static final int BLOCK = 1 << 28; // floats: 1 GiB

    @TempDir
    Path directory;

    @Test
    void aSafetensorsFileBeyondFourGibibytesIsReadByMapping() throws IOException {
        Path file = directory.resolve("large.safetensors");
        StringBuilder header = new StringBuilder("{");
        for (long i = 0; i < 5; i++) {
            header.append(String.format(
                    Locale.ROOT,
                    "\"t%d\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]},",
                    i,
                    BLOCK,
                    i * BLOCK * 4,
                    (i + 1) * BLOCK * 4));
        }
        header.setCharAt(header.length() - 1, '}');
        byte[] text = header.toString().getBytes(StandardCharsets.US_ASCII);
        long end = 8 + text.length + 5L * BLOCK * 4;
        try (FileChannel sparse = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            ByteBuffer start = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
            sparse.write(start.putLong(text.length).put(text).flip());
            ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            sparse.write(last.putFloat(42f).flip(), end - 4);
        }
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            HostTensor tensor = weights.read("t4"); // five times as large would not fit into the heap
            assertThat(tensor.get(BLOCK - 1)).isEqualTo(42);
            assertThat(tensor.get(0)).isZero();
        }
    }

    /** Two tensors of more than 4 GiB in total, and a small one whose position needs zip64. */
    private static final class LargeWeights implements WeightSource {
        private final HostTensor block = HostTensor.allocate(DType.FLOAT32, Shape.of(BLOCK));

        @Override
        public String description() {
            return "memory";
        }

        @Override
        public Set<String> names() {
            return new LinkedHashSet<>(List.of("a", "b", "c", "d", "last"));
        }

        @Override
        public TensorInfo info(String name) {
            return new TensorInfo(DType.FLOAT32, name.equals("last") ? Shape.of(3) : Shape.of(BLOCK));
        }

        @Override
        public HostTensor read(String name) {
            return name.equals("last") ? HostTensor.of(Shape.of(3), 1f, 2f, 3f) : block;
        }
    }

    @Tag("slow")
    @Test
    void aPthBeyondFourGibibytesIsWrittenAndReadWithZip64() {
        Path file = directory.resolve("large.pth");
        TorchCheckpointWriter.write(file, new LargeWeights());
        assertThat(file.toFile().length()).isGreaterThan(1L << 32);
        try (TorchCheckpoint weights = TorchCheckpoint.open(file)) {
            assertThat(weights.read("last").toFloats()).containsExactly(1f, 2f, 3f);
            assertThat(weights.read("d").get(BLOCK - 1)).isZero();
        }
    }

    @Test
    void deflatedStoragesAreUnpackedTensorByTensor() throws IOException {
        Path deflated = directory.resolve("deflated.pth");
        try (ZipFile in = new ZipFile(Fixtures.checkpoint("nano_views.pth").toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(deflated))) {
            for (ZipEntry entry : Collections.list(in.entries())) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(in.getInputStream(entry).readAllBytes());
                out.closeEntry();
            }
        }
        try (TorchCheckpoint packed = TorchCheckpoint.open(deflated);
                TorchCheckpoint stored = TorchCheckpoint.open(Fixtures.checkpoint("nano_views.pth"))) {
            assertThat(packed.names()).isEqualTo(stored.names());
            for (String name : stored.names()) {
                assertThat(packed.read(name).bytes())
                        .as(name)
                        .isEqualTo(stored.read(name).bytes());
            }
        }
    }

    @Test
    void aShardOutsideTheDirectoryIsRefused() throws IOException {
        for (String shard :
                new String[] {"../model.safetensors", "/etc/passwd", "a/b.safetensors", "..", ".safetensors"}) {
            Path index = Files.writeString(
                    directory.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"" + shard + "\"}}");
            assertThatThrownBy(() -> ShardedSafetensors.open(index))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("is not the name of a shard beside the index");
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Path index = Files.writeString(
                directory.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"b.safetensors\"}}");
        assertThatThrownBy(() -> Checkpoint.open(index))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("shard b.safetensors cannot be used")
                .hasMessageContaining("no such file");
    }
}
