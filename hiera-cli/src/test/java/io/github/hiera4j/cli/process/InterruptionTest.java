package io.github.hiera4j.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes stopped while all their threads are in native code. */
class InterruptionTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"INT, 130, 1", "TERM, 143, 2"})
    void aSignalInTheMiddleOfNativeWorkEndsTheProcessAtOnceAndWithoutACrash(String signal, int exitCode, long seed)
            throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh to send a signal");
        Process busy = ChildProcess.start(directory, BusyProcess.class);
        try (BufferedReader out = busy.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo(BusyProcess.READY);
            Thread.sleep(new Random(seed).nextInt(500));
            ChildProcess.signal(busy, signal);
            assertThat(busy.waitFor(20, TimeUnit.SECONDS)).as("ends").isTrue();
        } finally {
            busy.destroyForcibly();
        }
        assertThat(busy.exitValue()).isEqualTo(exitCode);
        assertThat(filesLeftBehind()).isEmpty();
    }

    /** A crash would leave {@code hs_err_pid*.log} in the working directory. */
    private Stream<Path> filesLeftBehind() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList().stream();
        }
    }
}
