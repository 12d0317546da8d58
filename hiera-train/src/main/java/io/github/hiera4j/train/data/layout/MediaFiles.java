package io.github.hiera4j.train.data.layout;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Finds files by the extensions of their names.
 *
 * <p>Hidden files and directories are skipped. Symbolic links are followed, and every directory is read only once, so cycles of
 * links are harmless. A directory that cannot be read is an error: silently missing data would be worse.
 */
final class MediaFiles {
    private static final Set<String> ENDINGS = Set.of(
            "jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif", "tif", "tiff", "heic", "heif", "avif", "mp4",
            "m4v", "webm", "mkv", "avi", "mov");

    private MediaFiles() {}

    /** Returns whether a name has the extension of an image or a video. */
    static boolean isMedia(String name) {
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the images and videos in a directory and in all directories below it: for each directory first its files by name, then
     * its directories by name.
     */
    static List<Path> below(Path directory) {
        List<Path> found = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        Deque<Path> open = new ArrayDeque<>(List.of(directory));
        while (!open.isEmpty()) {
            Path next = open.pop();
            if (!seen.add(identity(next))) {
                continue;
            }
            List<Path> directories = new ArrayList<>();
            for (Path entry : entries(next)) {
                if (isDirectory(entry)) {
                    directories.add(entry);
                } else if (isMedia(name(entry)) && isFileOrBrokenLink(entry)) {
                    found.add(entry);
                }
            }
            Collections.reverse(directories);
            directories.forEach(open::push);
        }
        return found;
    }

    /** Returns the directories in a directory, sorted by name. */
    static List<Path> directories(Path directory) {
        return entries(directory).stream().filter(MediaFiles::isDirectory).toList();
    }

    /** Returns the regular files of a directory whose names have the given beginning and end, sorted by name. */
    static List<Path> files(Path directory, String prefix, String ending) {
        return entries(directory).stream()
                .filter(file -> name(file).startsWith(prefix) && name(file).endsWith(ending))
                .filter(Files::isRegularFile)
                .toList();
    }

    static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    /** Returns everything in a directory that is not hidden, sorted by name. */
    private static List<Path> entries(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path entry : stream) {
                if (!name(entry).startsWith(".")) {
                    entries.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw unlistable(directory, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unlistable(directory, e);
        }
        Collections.sort(entries);
        return entries;
    }

    private static HieraException unlistable(Path directory, IOException fault) {
        return new HieraException(
                directory + ": cannot be listed: " + FileFault.reason(fault)
                        + "; make it readable, or move it elsewhere",
                fault);
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path);
    }

    /** Returns whether an entry is kept: broken links are, because reading them reports the fault; devices and pipes are not. */
    private static boolean isFileOrBrokenLink(Path path) {
        return Files.isRegularFile(path) || !Files.exists(path);
    }

    private static Object identity(Path directory) {
        try {
            Object key =
                    Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
            return key == null ? directory.toRealPath() : key;
        } catch (NoSuchFileException e) {
            throw new HieraException(directory + ": no such directory", e);
        } catch (IOException e) {
            throw unlistable(directory, e);
        }
    }
}
