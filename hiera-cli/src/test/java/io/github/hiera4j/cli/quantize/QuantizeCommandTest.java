package io.github.hiera4j.cli.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writing, inspecting, reloading and using quantised files. */
class QuantizeCommandTest {
    private static final Path NANO = TestFiles.checkpoint("nano_official.pth");

    @TempDir
    Path directory;

    private Path picture;
    private Path quantized;

    @BeforeEach
    void copyAPicture() throws IOException {
        picture = Files.copy(TestFiles.resource("/media/portrait.png"), directory.resolve("portrait.png"));
        quantized = directory.resolve("int8/nano.safetensors");
        Files.createDirectories(directory.resolve("int8"));
    }

    private static JsonNode json(String line) {
        return JsonMapper.shared().readTree(line);
    }

    private static double[] embedding(Path weights, String dtype, Path file) {
        CommandRun run = CommandRun.of("embed", file, "-w", weights, "--dtype", dtype);
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode vector = json(run.lines().get(0)).get("embedding");
        double[] values = new double[vector.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = vector.get(i).asDouble();
        }
        return values;
    }

    private static double relativeError(double[] actual, double[] expected) {
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            reference += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / reference);
    }

    @Test
    void aQuantisedFileIsLoadedInEveryTypeAndComputesTheSame() {
        CommandRun run = CommandRun.of("quantize", NANO, quantized, "--calibrate", picture, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode result = json(run.lines().get(0));
        assertThat(result.get("relativeError").asDouble()).isBetween(1e-6, 0.1);
        assertThat(result.get("quantizedLayers").asInt()).isPositive();
        try (SafetensorsFile file = SafetensorsFile.open(quantized);
                Checkpoint checkpoint = Checkpoint.open(quantized)) {
            assertThat(file.info("blocks.0.mlp.fc1.weight").dtype()).isEqualTo(DType.INT8);
            assertThat(file.names()).contains("blocks.0.mlp.fc1.weight_scale", "blocks.0.mlp.fc1.input_zero_point");
            assertThat(checkpoint.report().isExact()).isTrue();
            assertThat(checkpoint.weights().quantization("blocks.0.mlp.fc1.weight"))
                    .isPresent();
        }
        double[] original = embedding(NANO, "float32", picture);
        double[] int8 = embedding(quantized, "int8", picture);
        double[] rounded = embedding(quantized, "float32", picture);
        assertThat(relativeError(int8, original)).isBetween(1e-6, 0.1);
        assertThat(relativeError(rounded, original)).isBetween(1e-6, 0.1);
        assertThat(embedding(quantized, "int8", picture)).containsExactly(int8, within(1e-5));
        CommandRun inspected = CommandRun.of("inspect", quantized, "--tensors");
        assertThat(inspected.exitCode()).isZero();
        assertThat(inspected.out()).containsPattern("dtypes +float32 × \\d+, int8 × \\d+");
        assertThat(inspected.out()).containsPattern("blocks.0.mlp.fc1.weight +int8 ");
    }

    @Test
    void aPlainCheckpointIsCalibratedOnSyntheticSamplesAndSaysSo() {
        CommandRun run = CommandRun.of("classify", picture, "-w", NANO, "--dtype", "int8", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(1);
        assertThat(run.err()).contains("int8: calibrated on 8 built-in synthetic samples, relative error");
        CommandRun other = CommandRun.of("classify", picture, "-w", NANO, "--dtype", "auto", "--json");
        assertThat(other.exitCode()).as(other.err()).isZero();
        assertThat(other.err())
                .containsPattern("dtype: (float32$|(int8|bfloat16).*times as fast as float32, relative error)");
    }

    @Test
    @Tag("slow")
    void videosAndAutoencodersAreQuantisedToo() {
        Path film = TestFiles.resource("/media/short_7f.mp4");
        Path video = TestFiles.checkpoint("nano_video_official.pth");
        CommandRun run =
                CommandRun.of("quantize", video, directory.resolve("video"), "--calibrate", film, "--samples", "2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(relativeError(
                        embedding(directory.resolve("video"), "int8", film), embedding(video, "float32", film)))
                .isBetween(1e-6, 0.1);
        Path autoencoder = TestFiles.checkpoint("mae_nano_official.pth");
        CommandRun second =
                CommandRun.of("quantize", autoencoder, directory.resolve("mae"), "--calibrate", picture, "--json");
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(relativeError(
                        embedding(directory.resolve("mae"), "int8", picture),
                        embedding(autoencoder, "float32", picture)))
                .isBetween(1e-6, 0.1);
        CommandRun whole = CommandRun.of("inspect", directory.resolve("mae"));
        assertThat(whole.exitCode()).as(whole.err()).isZero();
    }

    @Test
    void whatCannotBeDoneIsRefusedAndNothingIsWritten() {
        CommandRun missing = CommandRun.of("quantize", NANO, quantized, "--calibrate", directory.resolve("none.png"));
        assertThat(missing.exitCode()).isNotZero();
        CommandRun format = CommandRun.of("quantize", NANO, directory.resolve("nano.pth"));
        assertThat(format.err()).contains("is written to a .safetensors file or into a directory");
        CommandRun budget = CommandRun.of("quantize", NANO, quantized, "--max-error", "0.0000001");
        assertThat(budget.err()).contains("allow a larger error, or compute in float32");
        CommandRun wrong = CommandRun.of("quantize", NANO, quantized, "--smooth", "2");
        assertThat(wrong.exitCode()).isEqualTo(2);
        CommandRun engine = CommandRun.of("embed", picture, "-w", NANO, "--dtype", "int8", "--backend", "torch");
        assertThat(engine.err()).contains("int8 needs backend 'onednn'").hasLineCount(1);
        assertThat(quantized).doesNotExist();
        assertThat(directory.resolve("nano.pth")).doesNotExist();
    }

    @Test
    void aQuantisedModelIsNotQuantisedAgain() {
        assertThat(CommandRun.of("quantize", NANO, quantized).exitCode()).isZero();
        CommandRun again = CommandRun.of("quantize", quantized, directory.resolve("again"));
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("is quantised already; quantise the original model");
    }

    @Test
    void aQuantisedFileIsExportedInIntegersUnlessAnotherTypeIsAskedFor() throws IOException {
        assertThat(CommandRun.of("quantize", NANO, quantized, "--calibrate", picture)
                        .exitCode())
                .isZero();
        Path integers = directory.resolve("int8.onnx");
        Path floating = directory.resolve("float32.onnx");
        Path calibrated = directory.resolve("calibrated.onnx");
        assertThat(CommandRun.of("export", quantized, integers).exitCode()).isZero();
        assertThat(CommandRun.of("export", quantized, floating, "--dtype", "float32")
                        .exitCode())
                .isZero();
        CommandRun run = CommandRun.of("export", NANO, calibrated, "--dtype", "int8", "--size", "96");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("int8: calibrated on", "built-in synthetic samples");
        assertThat(CommandRun.of("inspect", integers).out()).contains("QuantizeLinear ×", "DequantizeLinear ×");
        assertThat(CommandRun.of("inspect", calibrated).out()).contains("QuantizeLinear ×", "96");
        assertThat(CommandRun.of("inspect", floating).out()).doesNotContain("QuantizeLinear");
        assertThat(Files.size(integers)).isLessThan(Files.size(floating) / 2);

        Path none = directory.resolve("none.onnx");
        CommandRun autoencoder =
                CommandRun.of("export", TestFiles.checkpoint("mae_nano_official.pth"), none, "--dtype", "int8");
        assertThat(autoencoder.exitCode()).isEqualTo(2);
        assertThat(autoencoder.err()).contains("--dtype int8 is for encoders");
        CommandRun segmenter = CommandRun.of("export", TestFiles.checkpoint("sam2_nano_hf"), none, "--dtype", "int8");
        assertThat(segmenter.exitCode()).isEqualTo(2);
        assertThat(segmenter.err()).contains("exported in floating point");
        assertThat(none).doesNotExist();
    }
}
