package io.github.hiera4j.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.MissingFileException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionedFileTest {
    private static final int SIZE = 3 << 20;

    @TempDir
    Path directory;

    private final byte[] content = new byte[SIZE];
    private Path path = Path.of("");

    @BeforeEach
    void write() throws Exception {
        new Random(1).nextBytes(content);
        path = Files.write(directory.resolve("weights.bin"), content);
    }

    @Test
    void anyRangeIsReadIntoAnyBuffer() {
        try (PositionedFile file = PositionedFile.open(path)) {
            for (ByteBuffer target : new ByteBuffer[] {ByteBuffer.allocate(SIZE), ByteBuffer.allocateDirect(SIZE)}) {
                target.position(7);
                file.readInto(11, target.limit(SIZE - 20));
                assertThat(target.position()).isEqualTo(SIZE - 20);
                for (int i = 7; i < SIZE - 20; i += 1009) {
                    assertThat(target.get(i)).isEqualTo(content[i + 4]);
                }
            }
        }
    }

    @Test
    void aFileThatIsTruncatedAfterOpeningIsDamaged() throws Exception {
        try (PositionedFile file = PositionedFile.open(path)) {
            truncate(SIZE / 2);
            assertThatThrownBy(() -> file.readInto(0, ByteBuffer.allocateDirect(SIZE)))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining("weights.bin: truncated while it was read: load it again");
            assertThatThrownBy(() -> file.read(0, 8))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining("changed in size");
        }
    }

    @Test
    void aFileThatIsOverwrittenAfterOpeningIsDamaged() throws Exception {
        Thread.sleep(30);
        try (PositionedFile file = PositionedFile.open(path)) {
            try (RandomAccessFile writer = new RandomAccessFile(path.toFile(), "rw")) {
                writer.seek(SIZE / 2);
                writer.write(1);
            }
            assertThatThrownBy(() -> file.readInto(0, ByteBuffer.allocateDirect(SIZE)))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining("was written to while it was read: load it again");
        }
    }

    @Test
    void aFileThatIsReplacedByAnotherIsReadAsItWas() throws Exception {
        try (PositionedFile file = PositionedFile.open(path)) {
            Path other = Files.write(directory.resolve("other.bin"), new byte[5]);
            Files.move(other, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            ByteBuffer target = ByteBuffer.allocate(SIZE);
            file.readInto(0, target);
            assertThat(target.array()).isEqualTo(content);
        }
    }

    @Test
    void aFileThatIsDeletedIsReadAsItWas() throws Exception {
        try (PositionedFile file = PositionedFile.open(path)) {
            Files.delete(path);
            ByteBuffer target = ByteBuffer.allocate(SIZE);
            file.readInto(0, target);
            assertThat(target.array()).isEqualTo(content);
        }
    }

    @Test
    void rangesOutsideTheFileAndMissingFilesAreRefused() {
        try (PositionedFile file = PositionedFile.open(path)) {
            assertThatThrownBy(() -> file.read(SIZE - 4, 8))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining("truncated: bytes 3145724 to 3145732 are needed, the file has 3145728");
            assertThatThrownBy(() -> file.read(-1, 1)).isInstanceOf(DamagedFileException.class);
        }
        assertThatThrownBy(() -> PositionedFile.open(directory.resolve("none")))
                .isInstanceOf(MissingFileException.class);
    }

    private void truncate(long size) throws Exception {
        try (RandomAccessFile writer = new RandomAccessFile(path.toFile(), "rw")) {
            writer.setLength(size);
        }
    }
}
