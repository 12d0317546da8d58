package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class HostileCheckpointsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "builtins_eval.pth | __builtin__.eval",
                "builtins_getattr.pth | builtin__.getattr",
                "os_system.pth | posix.system",
                "deep_nesting.pth | nested more than 64 deep",
                "deep_json.safetensors | not described by a JSON object",
                "duplicate_key.safetensors | Duplicate Object property \"a\"",
                "empty.pth | empty",
                "header_len_huge.safetensors | header of 4611686018427387904 bytes",
                "header_not_json.safetensors | damaged safetensors header",
                "html_error_page.pth | web page",
                "huge_shape.pth | [1099511627776]",
                "missing_storage.pth | has no entry 'nano_official/data/",
                "negative_offset.safetensors | negative number -8",
                "offsets_overlap.safetensors | overlaps",
                "offsets_past_end.safetensors | ends at byte 16, but the file has 8",
                "shape_mismatch.safetensors | 12 bytes, but its data_offsets 0 to 8",
                "shape_overflow.safetensors | impossible shape [1099511627776, 1099511627776]",
                "short_storage.pth | truncated: storage",
                "truncated_half.pth | truncated zip",
                "truncated_tail.pth | truncated zip",
                "unknown_dtype.safetensors | unknown dtype Q99",
                "zip_bomb.pth | unpacks to 50000003 bytes",
                "zip_slip.pth | points outside the archive",
            })
    void aHostileFileIsRefusedByNameAndFault(String name, String fault) throws IOException {
        Path file = Files.copy(Fixtures.checkpoint("hostile/" + name), directory.resolve(name));
        long started = System.nanoTime();
        assertThatExceptionOfType(HieraException.class)
                .isThrownBy(() -> Checkpoint.open(file).close())
                .satisfies(failure -> assertThat(failure.getMessage())
                        .startsWith(file.toString())
                        .contains(fault)
                        .doesNotContain("\n")
                        .hasSizeLessThan(file.toString().length() + 300));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(Path.of("pwned_by_pickle")).doesNotExist();
    }

    @Test
    void everyHostileFileIsCovered() throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.checkpoint("hostile"))) {
            assertThat(files).hasSize(26);
        }
    }

    @Test
    void missingAndUnexpectedTensorsAreNamed() {
        LoadReport report = report("missing_and_unexpected.safetensors");
        assertThat(report.missing()).containsExactly("norm.weight");
        assertThat(report.unexpected()).containsExactly("surprise");
        assertThat(report.wrongShape()).isEmpty();
        assertThatThrownBy(report::requireExact)
                .isInstanceOf(HieraException.class)
                .hasMessageEndingWith("the tensors do not fit the model: missing norm.weight; unexpected surprise");
    }

    @Test
    void aTensorOfTheWrongShapeIsNamedWithBothShapes() {
        LoadReport report = report("wrong_shape.safetensors");
        assertThat(report.missing()).isEmpty();
        assertThat(report.unexpected()).isEmpty();
        assertThat(report.wrongShape())
                .containsExactly(
                        new LoadReport.WrongShape("blocks.0.attn.qkv.weight", Shape.of(24, 8), Shape.of(7, 7)));
        assertThat(report.toString()).isEqualTo("wrong shape blocks.0.attn.qkv.weight (expected [24, 8], got [7, 7])");
    }

    @Test
    void aNanIsFoundWhenItsTensorIsRead() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("hostile/nan_weight.safetensors"))) {
            checkpoint.report().requireExact();
            LoadReport read = LoadReport.compareAndRead(
                    checkpoint.config().inferenceGraph().parameters(), checkpoint.weights());
            assertThat(read.nonFinite()).containsExactly("norm.weight");
            assertThatThrownBy(read::requireExact).hasMessageEndingWith("not finite norm.weight");
            WeightSource weights = new FiniteWeights(checkpoint.weights());
            assertThat(weights.read("norm.bias").elements()).isEqualTo(64);
            assertThatThrownBy(() -> weights.read("norm.weight"))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("nan_weight.safetensors: tensor 'norm.weight' contains NaN at element");
        }
    }

    @Test
    void aDescriptionOfAnotherModelBesideAFileIsLeftAside() throws IOException {
        Path file = Files.copy(Fixtures.checkpoint("nano_official.pth"), directory.resolve("nano.pth"));
        Files.writeString(directory.resolve("config.json"), "{\"embed_dim\": 96, \"stages\": [2, 3, 16, 3]}");
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.config().encoder().embedDim()).isEqualTo(8);
            assertThat(checkpoint.inferred()).anyMatch(line -> line.contains("ignored"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1]", "null", "7", "{}", "{\"model_type\": \"bert\"}"})
    void aStrayConfigJsonOfSomethingElseIsLeftAside(String content) throws IOException {
        Path file = Files.copy(Fixtures.checkpoint("nano_official.pth"), directory.resolve("nano.pth"));
        Files.writeString(directory.resolve("config.json"), content);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.config()).isEqualTo(Fixtures.NANO);
            assertThat(checkpoint.inferred()).anyMatch(line -> line.contains("config.json does not describe a Hiera"));
        }
    }

    @Test
    void aConfigurationBeyondAllSizesIsRefused() throws IOException {
        Path file = Files.copy(
                Fixtures.checkpoint("hub_official_nano/model.safetensors"), directory.resolve("model.safetensors"));
        for (String config : List.of(
                "{\"embed_dim\": 8, \"stages\": [99999999999]}",
                "{\"embed_dim\": 8, \"stages\": \"many\"}",
                "{\"embed_dim\": 8, \"stages\": []}",
                "{\"embed_dim\": 1e400, \"stages\": [1]}",
                "{")) {
            Path description = Files.writeString(directory.resolve("config.json"), config);
            assertThatThrownBy(() -> Checkpoint.open(file))
                    .isInstanceOf(HieraException.class)
                    .hasMessageStartingWith(description.toString());
        }
    }

    private static LoadReport report(String name) {
        try (Checkpoint good = Checkpoint.open(Fixtures.checkpoint("nano_official.pth"));
                Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("hostile/" + name))) {
            return LoadReport.compare(good.config().inferenceGraph().parameters(), checkpoint.weights());
        }
    }
}
