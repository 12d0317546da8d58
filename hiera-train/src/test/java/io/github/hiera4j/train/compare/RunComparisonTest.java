package io.github.hiera4j.train.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {
    @TempDir
    private Path directory;

    @Test
    void bestFiguresAndOnlySettingsThatDifferAreShown() throws IOException {
        RunComparison comparison = RunComparison.of(List.of(
                RunRecord.read(run("slow", "0.001", 0.5)),
                RunRecord.read(run("fast", "0.01", 0.75).resolve("model"))));

        Map<String, List<String>> rows = comparison.rows();
        assertThat(rows.get("best top-1")).containsExactly("50.0 %", "75.0 %");
        assertThat(rows.get("duration")).containsExactly("1 min 30 s", "1 min 30 s");
        assertThat(rows.get("samples/s")).containsExactly("40.0", "40.0");
        assertThat(rows.get("learning_rate")).containsExactly("0.001", "0.01");
        assertThat(rows).doesNotContainKey("epochs");

        Path page = directory.resolve("compare.html");
        comparison.write(page);
        assertThat(page).content().contains("slow", "fast", "Held-out accuracy (top-1)", "learning_rate");
    }

    @Test
    void aDirectoryWithoutAManifestIsNoRun() {
        assertThatThrownBy(() -> RunRecord.read(directory))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("is not a run");
    }

    private Path run(String name, String rate, double top1) throws IOException {
        Path run = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(run.resolve("model"));
        Files.writeString(
                run.resolve("manifest.json"),
                "{\"recipe_name\": \"small-finetune\", \"recipe\": {\"epochs\": 3, \"learning_rate\": " + rate + "}}");
        Files.writeString(run.resolve("metrics.jsonl"), """
                {"step":10,"epoch":1.0,"seconds":45.0,"loss":1.5,"learning_rate":1.0E-4,"samples_per_second":40.0}
                {"step":10,"epoch":1.0,"seconds":50.0,"top1":%s,"validation_loss":1.2,"best":true}
                {"step":20,"epoch":2.0,"seconds":90.0,"top1":0.25,"validation_loss":1.4}
                """.formatted(top1));
        return run;
    }
}
