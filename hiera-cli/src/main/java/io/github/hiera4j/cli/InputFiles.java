package io.github.hiera4j.cli;

import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.model.HieraException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What people name on a command line, as files: single ones, directories (searched for media, deeply), glob patterns that no shell
 * expanded, and {@code -} for a list on standard input. Lazy: a long list is not held.
 */
final class InputFiles {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private final Consumer<String> complain;

    /** @param complain hears of arguments that name nothing */
    InputFiles(Consumer<String> complain) {
        this.complain = complain;
    }

    /** The files, each named no sooner than it is taken: a list on standard input may wait for the answers to its lines. */
    Stream<Path> expand(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        Iterator<Path> files = new Iterator<>() {
            private Iterator<Path> current = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && rest.hasNext()) {
                    current = expandOne(rest.next()).iterator();
                }
                return current.hasNext();
            }

            @Override
            public Path next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return current.next();
            }
        };
        Iterable<Path> iterable = () -> files; // a flat-mapped stream would read all of standard input first
        return StreamSupport.stream(iterable.spliterator(), false);
    }

    private Stream<Path> expandOne(String argument) {
        if (argument.equals("-")) {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(Path::of);
        }
        try {
            Path path = Path.of(argument);
            if (Files.isDirectory(path)) {
                return orComplain(walk(path).filter(InputFiles::isMedia), argument + ": no images or videos in it");
            }
            if (!Files.exists(path) && WILDCARD.matcher(argument).find()) {
                return orComplain(glob(argument), argument + ": nothing matches");
            }
            return Stream.of(path);
        } catch (InvalidPathException fault) {
            throw new HieraException(argument + ": not a file name: " + fault.getReason(), fault);
        }
    }

    private Stream<Path> orComplain(Stream<Path> files, String complaint) {
        List<Path> found = files.sorted().toList();
        if (found.isEmpty()) {
            complain.accept(complaint);
        }
        return found.stream();
    }

    private static Stream<Path> glob(String pattern) {
        int wildcard = firstWildcard(pattern);
        int slash = pattern.lastIndexOf('/', wildcard);
        Path root = slash < 0 ? Path.of("") : Path.of(pattern.substring(0, slash + 1));
        if (!Files.isDirectory(root)) {
            return Stream.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        return walk(root).filter(matcher::matches);
    }

    private static int firstWildcard(String pattern) {
        var found = WILDCARD.matcher(pattern);
        return found.find() ? found.start() : pattern.length();
    }

    private static Stream<Path> walk(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException fault) {
            throw new HieraException(root + ": cannot be searched: " + fault.getMessage(), fault);
        }
    }

    /** Whether a file found in a directory is meant: by its content, as names lie. */
    private static boolean isMedia(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return MediaFormat.detect(stream.readNBytes(MediaFormat.MAGIC_BYTES))
                    .isPresent();
        } catch (IOException unreadable) {
            return true; // reading it will tell what is wrong
        }
    }
}
