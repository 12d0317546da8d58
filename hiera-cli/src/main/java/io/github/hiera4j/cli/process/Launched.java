package io.github.hiera4j.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** A process that {@code hiera launch} started: it hears of signals from its launcher only, and ends when that is gone. */
public final class Launched {
    /** Set in the environment of such a process. */
    public static final String VARIABLE = "HIERA_LAUNCHED";

    private Launched() {}

    static boolean isHere() {
        return System.getenv(VARIABLE) != null;
    }

    /** What starts the command in another process, with the options of this JVM. */
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

    /** Calls back when the launcher is gone: it holds the other end of standard input. */
    static void whenAbandoned(Runnable action) {
        Thread thread = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream()); // nothing is ever sent
                    } catch (IOException closed) {
                        // the same
                    }
                    action.run();
                },
                "hiera-launcher-watch");
        thread.setDaemon(true);
        thread.start();
    }
}
