package io.github.hiera4j.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** A process started by {@code hiera launch}: it receives signals only from its launcher, and ends when the launcher exits. */
public final class Launched {
    /** Set in the environment of such a process. */
    public static final String VARIABLE = "HIERA_LAUNCHED";

    private Launched() {}

    static boolean isHere() {
        return System.getenv(VARIABLE) != null;
    }

    /** Returns the command line that runs the command in another process, with the options of this JVM. */
    public static List<String> commandLine(List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add("io.github.hiera4j.cli.Main");
        line.addAll(arguments);
        return line;
    }

    /** Runs an action when the launcher, which has the other end of standard input, has exited. */
    static void whenAbandoned(Runnable action) {
        Thread thread = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream()); // nothing is ever sent
                    } catch (IOException closed) {
                        // the launcher has exited, too
                    }
                    action.run();
                },
                "hiera-launcher-watch");
        thread.setDaemon(true);
        thread.start();
    }
}
