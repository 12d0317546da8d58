package io.github.hiera4j.model.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a class's {@code main} in its own JVM with the class path of this one, for tests that may crash their process or
 * need other environment variables or memory limits.
 */
public final class JvmProcess {
    private final Class<?> main;
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment;
    private final ProcessBuilder builder = new ProcessBuilder();

    /** The result of a process: its exit code (134 and 139 are crashes) and the output of both streams. */
    public record Result(int exitCode, String output) {
        /** Returns the lines of the output. */
        public List<String> lines() {
            return output.lines().toList();
        }
    }

    private JvmProcess(Class<?> main) {
        this.main = main;
        this.environment = builder.environment();
    }

    /** Returns the command of this JVM, with the permission to load native code that newer versions ask for. */
    public static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 22) { // otherwise each process prints four lines on standard error
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        return command;
    }

    /** Creates a process that runs a class with a heap of 256 MB. */
    public static JvmProcess of(Class<?> main) {
        JvmProcess process = new JvmProcess(main);
        process.options.addAll(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-CreateCoredumpOnCrash"));
        return process;
    }

    /** Adds JVM options; later ones override earlier ones. */
    public JvmProcess withOptions(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Sets an environment variable. */
    public JvmProcess withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Removes an environment variable that this process may have set. */
    public JvmProcess withoutEnvironment(String name) {
        environment.remove(name);
        return this;
    }

    /** Runs the process to its end; if it takes longer than the limit, it is killed and the test fails. */
    public Result run(int limitSeconds, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(java());
        command.addAll(options);
        command.add("-XX:ErrorFile=" + System.getProperty("java.io.tmpdir") + "/hiera-crash-%p.log");
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = builder.command(command).redirectErrorStream(true).start();
        Thread killer = new Thread(() -> endAfter(process, limitSeconds), "limit of " + main.getSimpleName());
        killer.setDaemon(true);
        killer.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Result result = new Result(process.waitFor(), output);
        if (!killer.isAlive() && result.exitCode() == 137) {
            throw new AssertionError(main.getSimpleName() + " did not end within " + limitSeconds + " s:\n" + output);
        }
        return result;
    }

    private static void endAfter(Process process, int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
