package io.github.hiera4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --ema} has the same meaning in every command, for a file with raw and averaged weights and for files with one kind. */
class AveragedWeightsTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");

    @TempDir
    Path directory;

    private Path both;
    private Path raw;
    private Path averaged;

    @BeforeEach
    void writeTheCheckpoints() {
        Map<String, HostTensor> rawTensors = new LinkedHashMap<>();
        Map<String, HostTensor> averagedTensors = new LinkedHashMap<>();
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        try (Checkpoint nano = Checkpoint.open(TestFiles.checkpoint("nano_official.pth"))) {
            for (String name : nano.weights().names()) {
                HostTensor value = nano.weights().read(name);
                HostTensor average = FormulaWeights.tensor(name + ".averaged", value.shape());
                rawTensors.put(name, value);
                averagedTensors.put(name, average);
                tensors.put("model." + name, value);
                tensors.put("ema_model.module." + name, average);
            }
        }
        both = write("both.safetensors", tensors);
        raw = write("raw.safetensors", rawTensors);
        averaged = write("averaged.safetensors", averagedTensors);
    }

    private Path write(String name, Map<String, HostTensor> tensors) {
        Path file = directory.resolve(name);
        SafetensorsWriter.write(file, new NamedTensors("tensors", tensors), Map.of());
        return file;
    }

    private static CommandRun run(List<Object> arguments, boolean ema) {
        List<Object> all = new ArrayList<>(arguments);
        if (ema) {
            all.add("--ema");
        }
        CommandRun run = CommandRun.of(all.toArray());
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private static String scores(CommandRun run) {
        return run.out()
                .replaceAll("\"(milliseconds|model|weights)\":[^,}]*", "")
                .replaceAll("[\\w/.]*safetensors", "");
    }

    @Test
    void classifyShowsTheScoresOfTheKindAskedFor() {
        String ofRaw = scores(run(List.of("classify", PICTURE, "--json", "-w", raw), false));
        String ofAveraged = scores(run(List.of("classify", PICTURE, "--json", "-w", averaged), false));

        assertThat(ofRaw).isNotEqualTo(ofAveraged);
        assertThat(scores(run(List.of("classify", PICTURE, "--json", "-w", both), false)))
                .isEqualTo(ofRaw);
        assertThat(scores(run(List.of("classify", PICTURE, "--json", "-w", both), true)))
                .isEqualTo(ofAveraged);
    }

    @Test
    void convertWritesTheKindAskedFor() {
        Path out = directory.resolve("converted.safetensors");
        run(List.of("convert", both, out), true);

        try (Checkpoint written = Checkpoint.open(out);
                Checkpoint expected = Checkpoint.open(averaged)) {
            for (String name : expected.weights().names()) {
                assertThat(written.weights().read(name).toFloats())
                        .as(name)
                        .isEqualTo(expected.weights().read(name).toFloats());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"summary", "inspect", "explain", "attention"})
    void otherCommandsAcceptTheOption(String command) {
        List<Object> arguments = switch (command) {
            case "inspect" -> List.of(command, both);
            case "summary" -> List.of(command, "-w", both);
            default -> List.of(command, PICTURE, "-w", both, "-o", directory.resolve(command));
        };
        run(arguments, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify", "summary", "convert"})
    void askingForAveragedWeightsThatAreNotThereIsOneLine(String command) {
        Object[] arguments = switch (command) {
            case "summary" -> new Object[] {command, "-w", raw, "--ema"};
            case "convert" -> new Object[] {command, raw, directory.resolve("out.pth"), "--ema"};
            default -> new Object[] {command, PICTURE, "-w", raw, "--ema"};
        };
        CommandRun run = CommandRun.of(arguments);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("contains no averaged weights").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void convertingToTheRootDirectoryIsRefusedInOneLine() {
        CommandRun run = CommandRun.of("convert", raw, "/");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).startsWith("hiera: ").hasLineCount(1);
    }
}
