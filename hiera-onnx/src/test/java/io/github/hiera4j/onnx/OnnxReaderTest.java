package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.onnx.file.OnnxReader;
import io.github.hiera4j.onnx.file.OnnxSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxReaderTest {
    @TempDir
    Path directory;

    private Path written(boolean outside) {
        Path file = directory.resolve("nano.onnx");
        try (Checkpoint checkpoint = Checkpoint.open(TestFiles.checkpoint("nano_official.pth"))) {
            OnnxExport.write(
                    file,
                    new OnnxGraph("nano", ((HieraConfig) checkpoint.config()).inferenceGraph()),
                    checkpoint.weights(),
                    OnnxOptions.DEFAULT.withExternalData(outside),
                    Map.of("source", "nano"));
        }
        return file;
    }

    @Test
    void whatWasWrittenIsRead() {
        for (boolean outside : new boolean[] {false, true}) {
            OnnxSummary summary = OnnxReader.read(written(outside));
            assertThat(summary.opset()).isEqualTo(20);
            assertThat(summary.graph()).isEqualTo("nano");
            assertThat(summary.inputs()).hasSize(1);
            assertThat(summary.inputs().get(0).axes()).containsExactly("batch", "3", "64", "64");
            assertThat(summary.inputs().get(0).type()).isEqualTo("float");
            assertThat(summary.outputs()).extracting(OnnxSummary.Port::name).contains("logits", "probabilities");
            assertThat(summary.operators()).containsKeys("MatMul", "Softmax", "LayerNormalization");
            assertThat(summary.metadata()).containsEntry("source", "nano");
            assertThat(summary.weights().stream()
                            .mapToLong(OnnxSummary.Weight::elements)
                            .sum())
                    .isGreaterThan(10_000);
            assertThat(summary.weights().stream().anyMatch(weight -> "nano.onnx.data".equals(weight.file())))
                    .isEqualTo(outside);
        }
    }

    @Test
    void damagedFilesAreReadOrRefusedInOneLine() throws IOException {
        byte[] sound = Files.readAllBytes(written(false));
        Random random = new Random(3);
        Path file = directory.resolve("damaged.onnx");
        for (int round = 0; round < 300; round++) {
            byte[] bytes = java.util.Arrays.copyOf(sound, 1 + random.nextInt(Math.min(20_000, sound.length)));
            for (int change = random.nextInt(8); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            assertThatCode(() -> {
                        try {
                            OnnxReader.read(file);
                        } catch (HieraException refused) {
                            assertThat(refused.getMessage())
                                    .startsWith(file.toString())
                                    .doesNotContain("\n");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void filesOfOtherKindsAreRefused() throws IOException {
        Path text = Files.writeString(directory.resolve("text.onnx"), "this is no model");
        assertThatThrownBy(() -> OnnxReader.read(text))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("not an ONNX model");
        Path empty = Files.createFile(directory.resolve("empty.onnx"));
        assertThatThrownBy(() -> OnnxReader.read(empty)).hasMessageContaining("it has no graph");
        assertThatThrownBy(() -> OnnxReader.read(directory.resolve("missing.onnx")))
                .isInstanceOf(HieraException.class);
    }
}
