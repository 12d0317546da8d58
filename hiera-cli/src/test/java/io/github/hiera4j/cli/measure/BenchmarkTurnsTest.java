package io.github.hiera4j.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hiera benchmark --turns}: a script asks for each measurement. */
class BenchmarkTurnsTest {
    private static CommandRun asked(String requests, String more) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(requests.getBytes(StandardCharsets.UTF_8)));
        try {
            String call = "benchmark hiera_tiny_224 --size 64 --dtype float32 --batch 1 --json --turns" + more;
            return CommandRun.of((Object[]) call.split(" "));
        } finally {
            System.setIn(before);
        }
    }

    private static JsonNode json(String line) {
        return JsonMapper.shared().readTree(line);
    }

    @Test
    void everyLineOfInputIsAnsweredWithTheRunsOfThatTime() {
        CommandRun run = asked("0\n0.2\n", "");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(3);
        JsonNode ready = json(run.lines().get(0));
        assertThat(ready.get("ready").asBoolean()).isTrue();
        assertThat(ready.get("backend").asString()).isEqualTo("onednn");
        JsonNode one = json(run.lines().get(1));
        assertThat(one.get("runs").size()).isEqualTo(1);
        assertThat(one.get("milliseconds").asDouble())
                .isPositive()
                .isEqualTo(one.get("runs").get(0).asDouble());
        assertThat(json(run.lines().get(2)).get("runs").size()).isGreaterThan(1);
    }

    @Test
    void aTurnMeasuresTrainingStepsOrSpeedUnderLoad() {
        CommandRun training = asked("0\n", " --train");
        assertThat(training.exitCode()).as(training.err()).isZero();
        assertThat(json(training.lines().get(0)).get("backend").asString()).contains("training step");
        assertThat(json(training.lines().get(1)).get("runs").size()).isEqualTo(1);

        CommandRun loaded = asked("0.1\n", " --load 1 --callers 2");
        assertThat(loaded.exitCode()).as(loaded.err()).isZero();
        JsonNode turn = json(loaded.lines().get(1));
        assertThat(turn.get("callers").asInt()).isEqualTo(2);
        assertThat(turn.get("idleMilliseconds").asDouble()).isPositive();
        assertThat(turn.get("loadedMilliseconds").asDouble()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"soon, got 'soon'", "-1, 0 to 86400 seconds", "NaN, 0 to 86400 seconds"})
    void aLineThatIsNoDurationEndsTheCommand(String line, String reason) {
        CommandRun run = asked(line + "\n", "");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).hasSize(1);
        assertThat(run.err()).startsWith("hiera: ").contains(reason).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "--batch 1 --dtype float32, add --json",
        "--json --dtype float32, one --batch",
        "--json --batch 1, one --dtype",
        "--json --batch 1 --dtype float32 hiera_tiny_224 hiera_base_224, one MODEL",
        "--json --batch 1 --dtype float32 --backend onednn;torch, at most one --backend",
        "--json --batch 1 --dtype float32 --profile, leave out --profile",
        "--json --batch 1 --dtype float32 --seconds 3, leave out --seconds"
    })
    void onlyOneCaseIsMeasuredInTurns(String options, String reason) {
        CommandRun run = CommandRun.of((Object[]) ("benchmark --turns " + options.replace(';', ',')).split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("hiera: --turns ").contains(reason).hasLineCount(1);
    }
}
