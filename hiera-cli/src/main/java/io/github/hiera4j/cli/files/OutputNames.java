package io.github.hiera4j.cli.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Assigns names to one output file per input, all in one directory: the input's path with its separators replaced, so that equal
 * names from two directories remain distinct. If two paths would still share a name, the later one gets a number.
 */
public final class OutputNames {
    /** File systems allow 255 bytes; endings and temporary names need some. */
    private static final int LONGEST = 180;

    private final Map<String, Path> owners = new HashMap<>();

    /**
     * {@return a name that no other input has}
     *
     * @param ending the extension, with its dot
     */
    public String of(Path input, String ending) {
        Path owner = input.toAbsolutePath().normalize();
        String flat = shortened(
                input.normalize().toString().replaceAll("^[./\\\\]+", "").replaceAll("[/\\\\:]", "_"));
        String name = flat;
        for (int number = 2; !isFreeFor(name, owner); number++) {
            name = flat + "-" + number;
        }
        return name + ending;
    }

    /** Ignores case, because some file systems do. */
    private boolean isFreeFor(String name, Path owner) {
        Path other = owners.putIfAbsent(name.toLowerCase(Locale.ROOT), owner);
        return other == null || other.equals(owner);
    }

    /** Shortens a long name to its end, the most specific part, preceded by a checksum of the whole name. */
    private static String shortened(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) {
            return name;
        }
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        String end = name.substring(name.length() - Math.min(name.length(), LONGEST / 3));
        return String.format(Locale.ROOT, "%08x_%s", checksum.getValue(), end);
    }
}
