package io.github.hiera4j.model.weights.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pickles that no tool writes, byte by byte. */
@Timeout(10)
public class PickleRefusalTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "'cos\nsystem\n.', 'os.system'",
        "'cbuiltins\ngetattr\n.', 'builtins.getattr'",
        "'ctorch\nload\n.', 'torch.load'",
        "'ctorch.hub\nload\n.', 'torch.hub.load'",
        "'cnumpy.core.multiarray\n_reconstruct\n.', 'numpy.core.multiarray._reconstruct'",
        "'(ios\nsystem\n.', 'opcode 0x69'",
        "'(cos\nsystem\no.', 'os.system'",
        "'Pid\n.', 'opcode 0x50'",
        "'I1\n.', 'opcode 0x49'",
        "'.', 'does not exist'",
        "'t.', 'a mark is missing'",
        "'h\u0001.', 'was not stored'",
        "']a.', 'does not exist'",
        "'}(NNNu.', 'no value'",
        "'NNs.', 'does not exist'",
        "'NNNs.', 'not a dictionary'",
        "'N)R.', 'not a function'",
        "'(N)e.', 'does not exist'",
        "'ccollections\nOrderedDict\n(NtR.', 'do not fit'",
        "'X\u0001', 'ends prematurely'",
        "'', 'ends prematurely'",
    })
    void anythingButTensorsAndContainersIsRefused(String pickle, String fault) {
        assertThatThrownBy(() -> load(pickle.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void aListInsideItselfIsRefusedAtTheLimitOfNesting() {
        String pickle = "]q\1" + "h\1h\1a".repeat(3) + "h\1a".repeat(200) + ".";
        assertThatThrownBy(() -> load(pickle.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(HieraException.class);
    }

    @Test
    void aDoublingListIsNeverUnfolded() throws IOException {
        // Thirty lists, each containing the previous one twice: a billion values if they were traversed.
        StringBuilder pickle = new StringBuilder("\u0080\2}X\3\0\0\0bad]q\0");
        for (int level = 1; level <= 30; level++) {
            pickle.append("0](h").append((char) (level - 1)).append('h').append((char) (level - 1));
            pickle.append("eq").append((char) level);
        }
        pickle.append("s.");
        assertThatThrownBy(() -> TorchCheckpoint.open(zip(pickle.toString())))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("contains no named tensors");
    }

    @Test
    void manyNestedMarksAreRefused() {
        assertThatThrownBy(() -> load("(".repeat(5000).getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(HieraException.class)
                .hasMessage("more than 1000 marks at once");
    }

    @Test
    void copiesOfOneValueFillNoMemory() {
        byte[] pickle = ("]" + "2".repeat(3_000_000) + ".").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> load(pickle))
                .isInstanceOf(HieraException.class)
                .hasMessage("more than 500000 values at once");
    }

    @Test
    void anEndlessPickleStops() {
        byte[] pickle = "N0".repeat(3_000_000).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> load(pickle))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("steps");
    }

    @Test
    void plainValuesAreBuilt() {
        Object value = load("\u0080\2(K\1M\0\1J\u00ff\u00ff\u00ff\u00ffG?\u00f8\0\0\0\0\0\0\u0088Nt."
                .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(((PickleContainer.Sequence) value).items())
                .isEqualTo(List.of(1L, 256L, -1L, 1.5, true, PickleGlobals.None.NONE));
    }

    @Test
    void aZipWithoutAPickleIsNotACheckpoint() throws IOException {
        Path file = directory.resolve("plain.pth");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("readme.txt"));
            zip.write("hello".getBytes(StandardCharsets.US_ASCII));
        }
        assertThatThrownBy(() -> TorchCheckpoint.open(file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("a zip, but not a PyTorch checkpoint");
    }

    private static Object load(byte[] pickle) {
        return new Unpickler(ByteBuffer.wrap(pickle), id -> new TorchStorages().fromPersistentId(id)).load();
    }

    private Path zip(String pickle) throws IOException {
        Path file = directory.resolve("made.pth");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(pickle.getBytes(StandardCharsets.ISO_8859_1));
        }
        return file;
    }
}
