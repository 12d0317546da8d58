package io.github.hiera4j.model.io;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a temporary file in the same directory and renames it: readers see the old file or the complete new one. */
public final class AtomicFile {
    /** Writes the content of the file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything from the start of the channel.
         *
         * @param channel open for writing
         * @throws IOException if writing fails; the target is then left as it was
         */
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file beside its target and renames it when it is complete: the target is replaced completely or not at all.
     *
     * @param target the file to write
     * @param content writes the bytes
     */
    public static void write(Path target, Content content) {
        Path file = target.toAbsolutePath();
        check(!Files.isDirectory(file), "%s: expected a file to write to, got a directory", target);
        Path directory = file.getParent();
        check(
                directory != null && Files.isDirectory(directory),
                "%s: cannot be written: the directory %s does not exist",
                target,
                String.valueOf(directory));
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HieraException(target + ": cannot be written: " + FileFault.reason(e), e);
        } finally {
            delete(temporary);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new HieraException(temporary + ": cannot be deleted: " + FileFault.reason(e), e);
        }
    }
}
