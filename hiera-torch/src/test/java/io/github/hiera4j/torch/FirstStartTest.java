package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that start together for the first time share the directory to which libraries are unpacked. */
class FirstStartTest {
    @TempDir
    private Path directory;

    /** Computes one product. */
    static final class Main {
        public static void main(String[] arguments) {
            try (TensorScope scope = new TensorScope()) {
                System.out.println(org.bytedeco
                        .pytorch
                        .global
                        .torch
                        .ones(3, 3)
                        .mm(org.bytedeco.pytorch.global.torch.ones(3, 3))
                        .sum()
                        .item_double());
            }
        }
    }

    @Test
    @Timeout(120)
    void noneOfThemReadsALibraryThatAnotherIsStillWriting() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                processes.add(start(directory.resolve("log" + i)));
            }
            for (int i = 0; i < processes.size(); i++) {
                assertThat(processes.get(i).waitFor(100, TimeUnit.SECONDS)).isTrue();
                assertThat(Files.readString(directory.resolve("log" + i))).isEqualTo("27.0\n");
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private Process start(Path log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + directory.resolve("crash%p"),
                        "-Dorg.bytedeco.javacpp.cachedir=" + directory.resolve("cache"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
