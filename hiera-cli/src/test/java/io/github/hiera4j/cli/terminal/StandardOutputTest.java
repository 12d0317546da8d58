package io.github.hiera4j.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.Main;
import io.github.hiera4j.model.testing.JvmProcess;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Output that cannot be written, in separate processes. */
class StandardOutputTest {
    private static ProcessBuilder hiera(String... arguments) {
        List<String> command = JvmProcess.java();
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    @Test
    void aFullDiskIsAnErrorInOneLine() throws IOException, InterruptedException {
        File full = new File("/dev/full");
        Assumptions.assumeTrue(full.exists(), "this system has no /dev/full");

        Process process = hiera("models").redirectOutput(full).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(err).startsWith("hiera: standard output cannot be written: ").hasLineCount(1);
    }

    @Test
    void aReaderThatStopsEndsTheWorkWithoutAMessage() throws IOException, InterruptedException {
        Process process = hiera("models").start();
        process.getInputStream().close(); // as head does, but before the first line
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(err).isEmpty();
    }

    @Test
    void outputIsUtf8UnderEveryLocale() throws IOException, InterruptedException {
        ProcessBuilder builder = hiera("summary", "--model", "hiera_tiny_224");
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(out).doesNotContain("?").doesNotContain("\ufffd").contains("×");
    }
}
