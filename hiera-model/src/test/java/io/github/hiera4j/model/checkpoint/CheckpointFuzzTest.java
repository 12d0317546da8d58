package io.github.hiera4j.model.checkpoint;

import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.testing.Fuzzing;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.zip.ZipWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Damaged checkpoints are either rejected with a one-line message or contain a model; there is no other outcome. */
class CheckpointFuzzTest {
    private static final double SECONDS = 0.4;
    private static final int MOST = 2000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/checkpoints/nano_official.pth",
                "/checkpoints/nano_official_legacy.pth",
                "/checkpoints/nano_ddp_training.pth",
                "/checkpoints/hf_nano/model.safetensors",
                "/reports/lightning_net.ckpt"
            })
    void aDamagedFileIsRefusedWithOneLine(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(TestFiles.resource(name));
        Path file = directory.resolve("model.pth");
        Fuzzing.run(name, SECONDS, MOST, random -> {
            byte[] damaged = random.nextInt(3) == 0 ? withDamagedHead(bytes, random) : Fuzzing.damaged(bytes, random);
            Files.write(file, damaged);
            open(file);
        });
    }

    /** Damages headers and pickles, which are a small part at the beginning of a file. */
    private static byte[] withDamagedHead(byte[] bytes, Random random) {
        int head = Math.min(bytes.length, 12_000);
        byte[] damaged = Fuzzing.damaged(java.util.Arrays.copyOf(bytes, head), random);
        byte[] whole = java.util.Arrays.copyOf(damaged, damaged.length + bytes.length - head);
        System.arraycopy(bytes, head, whole, damaged.length, bytes.length - head);
        return whole;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/checkpoints/nano_official.pth", "/checkpoints/nano_views.pth", "/reports/only_ema.pth"})
    void aDamagedPickleInASoundZipIsRefusedWithOneLine(String name) throws IOException {
        Map<String, byte[]> entries = unzip(TestFiles.resource(name));
        String pickle = entries.keySet().stream()
                .filter(entry -> entry.endsWith("data.pkl"))
                .findFirst()
                .orElseThrow();
        Path file = directory.resolve("model.pth");
        Fuzzing.run("pickle of " + name, SECONDS, MOST, random -> {
            Map<String, byte[]> damaged = new LinkedHashMap<>(entries);
            damaged.put(pickle, Fuzzing.damaged(Objects.requireNonNull(entries.get(pickle)), random));
            zip(file, damaged);
            open(file);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "/checkpoints/hub_official_nano, config.json",
        "/checkpoints/hf_nano, config.json",
        "/checkpoints/hf_mae_nano, config.json",
        "/checkpoints/timm_nano, config.json",
        "/checkpoints/timm_nano_abswin, config.json",
        "/checkpoints/hf_nano_sharded, model.safetensors.index.json",
        "/reports/hf_preprocessor, preprocessor_config.json",
    })
    void aDamagedDescriptionIsRefusedWithOneLine(String name, String description) throws IOException {
        try (Stream<Path> files = Files.list(TestFiles.resource(name))) {
            for (Path file : files.toList()) {
                Path copy = directory.resolve(
                        Objects.requireNonNull(file.getFileName()).toString());
                Files.copy(file, copy);
                copy.toFile().setWritable(true);
            }
        }
        JsonNode sound = Json.read(directory.resolve(description));
        Fuzzing.run(name + "/" + description, SECONDS, MOST, random -> {
            Files.writeString(
                    directory.resolve(description),
                    Fuzzing.damaged(sound, random).toString());
            open(directory);
        });
    }

    @Test
    void aDamagedSidecarIsRefusedWithOneLine() throws IOException {
        try (Stream<Path> files = Files.list(TestFiles.resource("/checkpoints/hub_official_nano"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        directory.resolve(
                                Objects.requireNonNull(file.getFileName()).toString()));
            }
        }
        JsonNode sound =
                Json.MAPPER.readTree("{\"label_names\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\","
                        + " \"j\"], \"input_size\": [64, 64], \"crop_order\": \"resize_then_crop\", \"crop_pct\": 0.9,"
                        + " \"interpolation\": \"bicubic\", \"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5],"
                        + " \"frame_stride\": 4, \"test_clips\": 5, \"test_crops\": 3}");
        Fuzzing.run("hiera4j.json", SECONDS, MOST, random -> {
            Files.writeString(
                    directory.resolve("hiera4j.json"),
                    Fuzzing.damaged(sound, random).toString());
            open(directory);
        });
    }

    private static void open(Path path) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            checkpoint.preprocessHints();
            checkpoint.report();
            for (String name : checkpoint.weights().names()) {
                checkpoint.weights().read(name);
            }
        }
    }

    private static Map<String, byte[]> unzip(Path archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private static void zip(Path file, Map<String, byte[]> entries) {
        AtomicFile.write(file, channel -> {
            ZipWriter zip = new ZipWriter(channel);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.add(entry.getKey(), ByteBuffer.wrap(entry.getValue()));
            }
            zip.finish();
        });
    }
}
