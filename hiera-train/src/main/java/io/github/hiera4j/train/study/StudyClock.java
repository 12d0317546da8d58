package io.github.hiera4j.train.study;

import io.github.hiera4j.train.report.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Measures the seconds of a training that may be interrupted; those of earlier parts are stored in its directory. */
final class StudyClock {
    private final Path file;
    private final Path directory;
    private final long start = System.nanoTime();

    StudyClock(Path directory) {
        this.directory = directory;
        file = directory.resolve("seconds.txt");
    }

    /** Returns the seconds of all parts and stores them for the next one. */
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
            return 0; // the time is only informative; the training is valid without it
        }
    }
}
