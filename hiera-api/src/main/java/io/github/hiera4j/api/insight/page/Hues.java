package io.github.hiera4j.api.insight.page;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A colour for each name, the same wherever the name is met, readable under dark text. */
final class Hues {
    private Hues() {}

    static String of(String name) {
        CRC32 checksum = new CRC32();
        checksum.update(name.getBytes(StandardCharsets.UTF_8));
        long value = checksum.getValue();
        return "hsl(" + value % 360 + " " + (45 + value / 360 % 40) + "% " + (62 + value / 14400 % 16) + "%)";
    }
}
