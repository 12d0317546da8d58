package io.github.hiera4j.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.cli.Main;
import io.github.hiera4j.model.testing.JvmProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code compare.py} with contenders that need only Python's standard library. */
@Tag("slow")
class ComparePeersTest {
    private static final Path SCRIPT =
            Path.of("..", "hiera-bench", "peers", "compare.py").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    void contendersAreMeasuredInTurnAndAMissingOneIsListed() throws Exception {
        assumeTrue(pythonWorks(), "needs python3");
        String output = compare();
        assertThat(output).contains("hiera:onednn: ready", "hiera:torch: ready", "peer:eager: ");

        Path results = directory.resolve("out").resolve("results.jsonl");
        List<String> lines = Files.readAllLines(results);
        assertThat(lines).hasSize(3);
        JsonNode torch = JsonMapper.shared().readTree(lines.get(1));
        assertThat(torch.get("contender").asString()).isEqualTo("hiera:torch");
        assertThat(torch.get("turns").size()).isEqualTo(2);
        assertThat(torch.get("ratios").size()).isEqualTo(2);
        String tables = Files.readString(directory.resolve("out").resolve("tables.md"));
        assertThat(tables).contains("| onednn |", "| torch |", "- peer:eager, hiera_tiny_224, float32: ");
        assertThat(directory.resolve("out").resolve("speed.svg")).isNotEmptyFile();

        assertThat(compare()).doesNotContain("ready");
        assertThat(Files.readAllLines(results)).isEqualTo(lines);
    }

    /** Runs the script and returns what it writes to both streams. */
    private String compare() throws IOException, InterruptedException {
        List<String> hiera = new ArrayList<>(JvmProcess.java());
        Path classPath = Files.writeString(
                directory.resolve("class-path"),
                "-cp \"" + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")) + '"');
        hiera.addAll(List.of("-Xmx512m", "@" + classPath, Main.class.getName()));
        Process process = new ProcessBuilder(
                        "python3",
                        SCRIPT.toString(),
                        "--models=hiera_tiny_224",
                        "--batches=1",
                        "--dtypes=float32",
                        "--contenders=hiera:onednn,hiera:torch,peer:eager",
                        "--turns=2",
                        "--seconds=0.1",
                        "--hiera=" + String.join(" ", hiera),
                        "--python=" + directory.resolve("no-such-python"),
                        "--out=" + directory.resolve("out"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ends").isTrue();
        } finally {
            process.destroy(); // the script ends its contenders
        }
        String output = Files.readString(directory.resolve("output"), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static boolean pythonWorks() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
