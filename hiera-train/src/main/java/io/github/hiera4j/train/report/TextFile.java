package io.github.hiera4j.train.report;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a temporary file in the same directory and renames it: readers see the old file or the complete new one. */
public final class TextFile {
    private TextFile() {}

    /**
     * Creates the directory of a file in advance, so that a failure occurs before the work and not after it.
     *
     * @param directory the directory
     */
    public static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".writable", ".tmp"));
        } catch (IOException e) {
            throw new HieraException(directory + ": cannot be written to: " + e.getMessage(), e);
        }
    }

    /**
     * Writes or replaces a file, in UTF-8.
     *
     * @param file the file
     * @param text the text
     */
    public static void write(Path file, String text) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
