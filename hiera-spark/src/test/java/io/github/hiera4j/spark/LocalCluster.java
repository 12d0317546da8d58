package io.github.hiera4j.spark;

import io.github.hiera4j.model.testing.JvmProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program on a cluster on this machine: its process is the driver, the master and the workers; each of two executors is a separate
 * process. Nothing has to be installed: executors get the class path of the test.
 */
final class LocalCluster {
    private final Path home;
    private final Path log;
    private final List<String> settings = new ArrayList<>();

    /** @param directory for Spark's files and the log */
    LocalCluster(Path directory) throws IOException {
        home = Files.createDirectories(directory.resolve("spark-home"));
        Files.createDirectories(home.resolve("jars")); // Spark expects jars there, which are already on the class path
        log = directory.resolve("driver.log");
    }

    /** Adds a Spark setting. */
    LocalCluster with(String name, String value) {
        settings.add("-D" + name + "=" + value);
        return this;
    }

    /** Starts a program as the driver. */
    Process start(Class<?> main, String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = JvmProcess.java();
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("--add-opens")
                    || option.startsWith("-Djdk.reflect")
                    || option.startsWith("-Dio.netty")) {
                command.add(option);
            }
        }
        command.add("-Dspark.master=local-cluster[2,1,1024]");
        command.add("-Dspark.executor.extraClassPath=" + classPath);
        command.add("-Dspark.executor.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        command.add("-Dspark.driver.host=127.0.0.1");
        command.add("-Dspark.driver.bindAddress=127.0.0.1");
        command.add("-Dspark.ui.enabled=false");
        command.add("-Dspark.local.dir=" + home);
        command.addAll(settings);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** Runs a program to its end and returns its exit code. */
    int run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return end(start(main, arguments));
    }

    /** Waits for the end. */
    int end(Process driver) throws IOException, InterruptedException {
        if (!driver.waitFor(10, TimeUnit.MINUTES)) {
            throw new AssertionError("the job did not end:\n" + output());
        }
        return driver.exitValue();
    }

    /** Returns the output of the driver so far. */
    String output() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** Returns the running executor processes, which are the only JVMs that the driver starts. */
    static List<ProcessHandle> executors(Process driver) {
        return driver.descendants()
                .filter(each -> each.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** Ends the remaining processes of a job that a test has abandoned. */
    static void kill(Process driver) {
        driver.descendants().forEach(ProcessHandle::destroyForcibly);
        driver.destroyForcibly();
    }
}
