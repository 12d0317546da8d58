package io.github.hiera4j.media;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.UnsupportedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file with a recognised format.
 *
 * @param path the path of the file
 * @param format the format according to its first bytes
 */
public record MediaFile(Path path, MediaFormat format) {

    /**
     * Recognises a file by its first bytes.
     *
     * @param path the file
     * @return the file and its format
     * @throws HieraException if the file cannot be read, is empty, or is neither an image nor a video that can be read
     */
    public static MediaFile recognise(Path path) {
        byte[] start = readStart(path);
        MediaFormat format = MediaFormat.detect(start).orElseThrow(() -> unrecognised(path.toString(), start));
        return new MediaFile(path, format);
    }

    /** {@return whether it is an image or a video} */
    public MediaKind kind() {
        return format.kind();
    }

    /**
     * {@return the exception to throw for content in an unsupported format}
     *
     * @param name the name, for messages
     * @param start the first bytes of a file
     */
    public static HieraException unrecognised(String name, byte[] start) {
        return start.length == 0
                ? new DamagedFileException(name + ": the file is empty")
                : new UnsupportedException(
                        name + ": neither an image nor a video by its content; " + MediaFormat.SUPPORTED);
    }

    /**
     * Checks that the path is a regular file, because reading a pipe or a device could block or never end.
     *
     * @param path the file
     */
    public static void requireRegularFile(Path path) {
        if (!Files.exists(path)) {
            throw new MissingFileException(path + ": no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new MissingFileException(
                    path + ": expected a file, got " + (Files.isDirectory(path) ? "a directory" : "a device or pipe"));
        }
    }

    private static byte[] readStart(Path path) {
        requireRegularFile(path);
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(MediaFormat.MAGIC_BYTES);
        } catch (IOException e) {
            throw FileFault.unreadable(path, e);
        }
    }
}
