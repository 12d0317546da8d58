package io.github.hiera4j.cli.process;

import io.github.hiera4j.model.testing.JvmProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A separate JVM with the same class path, which a test may kill. */
public final class ChildProcess {
    private ChildProcess() {}

    /** Starts a class's {@code main} in a working directory. */
    public static Process start(Path directory, Class<?> main, Object... arguments) throws IOException {
        List<String> command = JvmProcess.java();
        command.addAll(List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Sends {@code INT}, {@code TERM} or another signal. */
    public static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
    }
}
