package io.github.hiera4j.cli.files;

import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.model.FileFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Expands the input arguments of a command line: files, directories (searched for media recursively, following symbolic links), glob
 * patterns that no shell expanded, and {@code -} for a list on standard input. Expansion is lazy: a long list is not kept in memory.
 */
public final class InputFiles {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private final Consumer<String> complain;

    /**
     * Creates an expander.
     *
     * @param complain receives one line about each argument, or part of one, that matches no file
     */
    public InputFiles(Consumer<String> complain) {
        this.complain = complain;
    }

    /** Returns the files, each read only when requested: the writer of a list on standard input may wait for the answer to each line. */
    public Stream<Path> expand(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        Iterator<Path> files = new Iterator<>() {
            private Iterator<Path> current = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && rest.hasNext()) {
                    current = expandOne(rest.next());
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

    private Iterator<Path> expandOne(String argument) {
        if (argument.equals("-")) {
            return new InputList(System.in, complain);
        }
        if (argument.isBlank()) {
            complain.accept(
                    "'" + argument + "': not a file name, expected an image, a video, a directory, a glob or -");
            return Collections.emptyIterator();
        }
        try {
            Path path = Path.of(argument);
            if (Files.isDirectory(path)) {
                return search(path, InputFiles::isMedia, argument + ": no images or videos in it");
            }
            if (!Files.exists(path) && WILDCARD.matcher(argument).find()) {
                return glob(argument);
            }
            return List.of(path).iterator();
        } catch (InvalidPathException fault) {
            complain.accept(
                    argument.replaceAll("\\p{Cntrl}", "?") + ": not a file name: " + fault.getReason() + hint());
            return Collections.emptyIterator();
        }
    }

    /** Explains file names outside the locale's character set, which the JVM cannot represent; the launcher sets a UTF-8 locale. */
    private static String hint() {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        return encoding.equalsIgnoreCase("UTF-8")
                ? ""
                : " (file names are in " + encoding + " under this locale; set LC_ALL=C.UTF-8)";
    }

    private Iterator<Path> glob(String pattern) {
        Matcher wildcard = WILDCARD.matcher(pattern);
        int first = wildcard.find() ? wildcard.start() : pattern.length();
        int slash = pattern.lastIndexOf('/', first);
        Path root = slash < 0 ? Path.of("") : Path.of(pattern.substring(0, slash + 1));
        String nothing = pattern + ": nothing matches";
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            if (Files.isDirectory(root)) {
                return search(root, matcher::matches, nothing);
            }
        } catch (PatternSyntaxException fault) {
            nothing = pattern + ": neither a file nor a glob pattern: " + fault.getDescription();
        }
        complain.accept(nothing);
        return Collections.emptyIterator();
    }

    /** Returns the wanted files below a directory, sorted by path. */
    private Iterator<Path> search(Path root, Predicate<Path> wanted, String nothingFound) {
        Search search = new Search(wanted);
        try {
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, search);
        } catch (IOException fault) {
            search.failed(root, fault);
        }
        if (search.found.isEmpty() && !search.complained) {
            complain.accept(nothingFound);
        }
        Collections.sort(search.found);
        return search.found.iterator();
    }

    /** Returns whether a file found in a directory is an image or a video, judging by content because extensions may be wrong. */
    private static boolean isMedia(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return MediaFormat.detect(stream.readNBytes(MediaFormat.MAGIC_BYTES))
                    .isPresent();
        } catch (IOException unreadable) {
            return true; // reading it later reports the error
        }
    }

    /** Collects files, continuing after directories and links that cannot be read. A link to an enclosing directory is not followed. */
    private final class Search extends SimpleFileVisitor<Path> {
        private final Predicate<Path> wanted;
        private final List<Path> found = new ArrayList<>();
        private boolean complained;

        Search(Predicate<Path> wanted) {
            this.wanted = wanted;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean dangling = attributes.isSymbolicLink(); // followed links have the attributes of their targets
            if (dangling && wanted.test(file)) {
                complain(file + ": a dangling symbolic link");
            } else if (attributes.isRegularFile() && wanted.test(file)) {
                found.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException fault) {
            if (!(fault instanceof FileSystemLoopException)) {
                failed(file, fault);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault) {
            if (fault != null) {
                failed(directory, fault);
            }
            return FileVisitResult.CONTINUE;
        }

        private void failed(Path file, IOException fault) {
            complain(file + ": cannot be searched: " + FileFault.reason(fault));
        }

        private void complain(String message) {
            complained = true;
            complain.accept(message);
        }
    }
}
