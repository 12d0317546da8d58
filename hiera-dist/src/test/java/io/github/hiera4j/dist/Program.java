package io.github.hiera4j.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A process that has ended, with everything it printed. */
record Program(int exitCode, String output) {

    static Path property(String name) {
        return Path.of(Objects.requireNonNull(System.getProperty(name), name));
    }

    /** Skips the tests of published artifacts in a build that has published none. */
    static void requirePublished() {
        assumeFalse(
                Boolean.getBoolean("hiera.publish.skip"),
                "nothing has been published: run with -Dbuild.publish.skip=false, and not offline");
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Runs a command to its end, with these variables instead of the inherited ones of the same names. */
    static Program run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("program", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES))
                    .as("%s ends", command)
                    .isTrue();
            return new Program(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
