package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;

/**
 * Small files of every mode and sub-format, with the digest of the pixels that Pillow 12.3 shows, or why they are refused.
 * Made by src/test/python/make_image_matrix.py.
 */
public final class ImageMatrix {
    static final JsonNode EXPECTED = Fixtures.json("/image_matrix.json");
    static final Map<String, byte[]> FILES = readFiles();

    private ImageMatrix() {}

    private static Map<String, byte[]> readFiles() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (InputStream resource = ImageMatrix.class.getResourceAsStream("/image_matrix.zip");
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(resource))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The files by name. */
    public static Map<String, byte[]> files() {
        return FILES;
    }
}
