package io.github.hiera4j.spark.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Actions at the end of the JVM: models are freed, copies deleted. */
final class AtExit {
    private static final List<Path> DIRECTORIES = new ArrayList<>();

    private static boolean installed;

    private AtExit() {}

    static synchronized void install() {
        if (!installed) {
            installed = true;
            Runtime.getRuntime().addShutdownHook(new Thread(AtExit::run, "hiera-exit"));
        }
    }

    static synchronized void delete(Path directory) {
        install();
        DIRECTORIES.add(directory);
    }

    private static synchronized void run() {
        SharedModels.closeIdle();
        DIRECTORIES.forEach(AtExit::remove);
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException left) {
            System.err.println("hiera: " + directory + ": cannot be deleted: " + left.getMessage());
        }
    }
}
