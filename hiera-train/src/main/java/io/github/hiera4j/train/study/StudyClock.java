package io.github.hiera4j.train.study;

import io.github.hiera4j.train.report.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Seconds of a training that may be interrupted: those of earlier parts lie in its directory. */
final class StudyClock {
    private final Path file;
    private final Path directory;
    private final long start = System.nanoTime();

    StudyClock(Path directory) {
        this.directory = directory;
        file = directory.resolve("seconds.txt");
    }

    /** The seconds of all parts; they are kept for the next one. */
    double stop() {
        double seconds = earlier() + (System.nanoTime() - start) / 1e9;
        if (Files.isDirectory(directory)) {
            TextFile.write(file, String.format(Locale.ROOT, "%.3f%n", seconds));
        }
        return seconds;
    }

    private double earlier() {
        try {
            return Files.exists(file)
                    ? Math.max(0, Double.parseDouble(Files.readString(file).strip()))
                    : 0;
        } catch (IOException | NumberFormatException unreadable) {
            return 0; // a time for information; the training itself is sound
        }
    }
}
