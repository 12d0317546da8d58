package io.github.hiera4j.model.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Test resources as files, including those in another module's test jar: goldens and checkpoints are shared. */
public final class TestFiles {
    private static final Map<String, Path> UNPACKED = new ConcurrentHashMap<>();

    private TestFiles() {}

    /** Returns a golden case by its name. */
    public static Path golden(String name) {
        return resource("/goldens/" + name + ".json");
    }

    /** Returns a checkpoint file or directory that another tool wrote. */
    public static Path checkpoint(String name) {
        return resource("/checkpoints/" + name);
    }

    /** Returns a file or directory on the test class path. */
    public static Path resource(String name) {
        URL url = Objects.requireNonNull(TestFiles.class.getResource(name), name);
        if (url.getProtocol().equals("jar")) {
            return UNPACKED.computeIfAbsent(name, any -> unpack(name, url));
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException fault) {
            throw new IllegalStateException(name, fault);
        }
    }

    private static Path unpack(String name, URL url) {
        try {
            Path jar = Path.of(
                    ((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
            Path target = Files.createTempDirectory("hiera-test");
            target.toFile().deleteOnExit(); // registered first, deleted last
            try (FileSystem zip = FileSystems.newFileSystem(jar)) {
                Path source = zip.getPath(name);
                copy(source, target.resolve(source.getFileName().toString()));
            }
            return target.resolve(Path.of(name).getFileName().toString());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (URISyntaxException fault) {
            throw new IllegalStateException(name, fault);
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                copy.toFile().deleteOnExit();
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                    Files.copy(file, copy);
                }
            }
        }
    }
}
