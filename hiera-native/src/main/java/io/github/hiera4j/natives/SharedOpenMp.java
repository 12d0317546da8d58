package io.github.hiera4j.natives;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.Loader;

/**
 * GNU's OpenMP library, loaded from one place by every process.
 *
 * <p>oneDNN's and libtorch's artifacts each have a copy, and JavaCPP replaces all copies in its cache by links to the one that a process
 * loads first. Two processes that load the engines in a different order replace each other's copies: one of them can write through the
 * other's link into a mapped library, and calls in that process then end in SIGSEGV. A copy in a separate directory, loaded before
 * either engine, is the link target for all processes, so no copy is ever replaced.
 */
final class SharedOpenMp {
    private static final String LIBRARY = "libgomp.so.1";

    /** The library's name in JavaCPP, in which the version follows the suffix. */
    private static final String JAVACPP_NAME = "gomp@.1";

    private SharedOpenMp() {}

    /** Loads the library if an artifact contains it. If loading fails, JavaCPP behaves as without this class. */
    static void load() {
        try {
            Optional<URL> packaged = packaged();
            if (packaged.isPresent()) {
                Path copy = copy(packaged.get());
                Loader.loadLibrary(SharedOpenMp.class, new URL[] {copy.toUri().toURL()}, JAVACPP_NAME);
            }
        } catch (IOException | LinkageError | RuntimeException unavailable) {
            // An engine that needs the library loads it itself, or reports why it cannot.
        }
    }

    private static Optional<URL> packaged() {
        ClassLoader classes = SharedOpenMp.class.getClassLoader();
        String platform = Loader.getPlatform();
        return Stream.of("dnnl/" + platform, "pytorch/" + platform, "pytorch/" + platform + "-gpu")
                .map(place -> classes.getResource("org/bytedeco/" + place + "/" + LIBRARY))
                .flatMap(Stream::ofNullable)
                .findFirst();
    }

    /** Returns the file in the cache; the directory name contains the checksum, so different versions are in different places. */
    private static Path copy(URL packaged) throws IOException {
        byte[] content;
        try (InputStream in = packaged.openStream()) {
            content = in.readAllBytes();
        }
        CRC32 checksum = new CRC32();
        checksum.update(content);
        Path directory = Loader.getCacheDir()
                .getCanonicalFile()
                .toPath()
                .resolve(String.format(Locale.ROOT, "hiera4j-openmp-%08x", checksum.getValue()));
        Path copy = directory.resolve(LIBRARY);
        if (Files.exists(copy) && Files.size(copy) == content.length) {
            return copy;
        }
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, LIBRARY, ".tmp");
        try {
            Files.write(temporary, content);
            Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return copy;
    }
}
