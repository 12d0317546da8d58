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
 * loads first. Two processes that load the engines in different order replace each other's: one of them can write through the other's
 * link into a library that is mapped, and calls in that process then end in SIGSEGV. A copy in its own directory, loaded before
 * either engine, is the target of the links of all processes, so that none of them is ever replaced.
 */
final class SharedOpenMp {
    private static final String LIBRARY = "libgomp.so.1";

    /** JavaCPP's name for it: the version follows the suffix. */
    private static final String JAVACPP_NAME = "gomp@.1";

    private SharedOpenMp() {}

    /** Loads the library if an artifact has it. JavaCPP continues as it would without this where that is impossible. */
    static void load() {
        try {
            Optional<URL> packaged = packaged();
            if (packaged.isPresent()) {
                Path copy = copy(packaged.get());
                Loader.loadLibrary(SharedOpenMp.class, new URL[] {copy.toUri().toURL()}, JAVACPP_NAME);
            }
        } catch (IOException | LinkageError | RuntimeException unavailable) {
            // An engine that needs the library loads it itself, or says why it cannot.
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

    /** The file in the cache; its directory's name has the checksum, so that another version has another place. */
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
