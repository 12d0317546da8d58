package io.github.hiera4j.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes tar files in WebDataset's layout. */
final class ShardFile {
    private ShardFile() {}

    /**
     * Writes files of a directory, each followed by an empty {@code .cls} file.
     *
     * @param keep length in bytes to which the tar file is truncated
     */
    static void write(Path shard, int keep, Path media, String... names) throws IOException {
        Files.createDirectories(shard.getParent());
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(shard))) {
            for (String name : names) {
                byte[] content = Files.readAllBytes(media.resolve(name));
                TarArchiveEntry entry = new TarArchiveEntry("a/" + name);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
                tar.putArchiveEntry(new TarArchiveEntry("a/" + name.replaceFirst("[.].*", ".cls")));
                tar.closeArchiveEntry();
            }
        }
        byte[] bytes = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(bytes, Math.min(keep, bytes.length)));
    }
}
