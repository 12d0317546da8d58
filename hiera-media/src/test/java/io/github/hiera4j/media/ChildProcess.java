package io.github.hiera4j.media;

import io.github.hiera4j.model.testing.JvmProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A completed Java process with a heap of 128 MB.
 *
 * @param exitCode 0 on success
 * @param lines the lines on standard output
 */
record ChildProcess(int exitCode, List<String> lines) {

    static ChildProcess run(Class<?> main, List<String> arguments) throws IOException, InterruptedException {
        return run(main, arguments, 128);
    }

    /** Runs a process with another heap size, in megabytes. */
    static ChildProcess run(Class<?> main, List<String> arguments, int heap) throws IOException, InterruptedException {
        List<String> command = JvmProcess.java();
        command.addAll(List.of(
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // decoders report damage there
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return new ChildProcess(process.waitFor(), lines);
    }
}
