package io.github.hiera4j.media.image;

import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.media.image.internal.JpegEntropy;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * Detects damage in the compressed pixels of a JPEG file without decoding them.
 *
 * <p>Inside a scan the byte 0xff is followed by a zero, starts a restart marker, whose numbers cycle from 0 to 7, or ends the scan.
 * Overwritten data eventually violates these rules, on average once in 256 random bytes. The decoder reads such a file as far as it
 * can and reports it on standard error without a name, so callers report it by name.
 * The Huffman codes of a scan are also checked ({@link JpegEntropy}): a flipped bit in a code is eventually detected, but one in the
 * bits after a code only changes a value and is not detected.
 */
final class JpegDamage {
    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int RESTART_INTERVAL = 0xdd;
    private static final int NUMBER_OF_LINES = 0xdc;
    private static final int RESTART = 0xd0;

    private final byte[] file;
    private final HeaderBytes bytes;
    private final JpegEntropy entropy;
    private int frameComponents;
    private boolean progressive;
    private boolean restarts;

    private JpegDamage(byte[] file) {
        this.file = file;
        this.bytes = new HeaderBytes("", file, ByteOrder.BIG_ENDIAN);
        this.entropy = new JpegEntropy(file);
    }

    /**
     * Returns the position of the first byte that violates the rules.
     *
     * @param file a whole JPEG file that its decoder accepts
     */
    static OptionalInt find(byte[] file) {
        return new JpegDamage(file).find();
    }

    private OptionalInt find() {
        int at = 2;
        while (at + 1 < file.length) {
            if (unsigned(at) != 0xff) {
                return OptionalInt.of(at);
            }
            int marker = unsigned(at + 1);
            if (marker == 0xff) { // fill byte
                at++;
                continue;
            }
            if (marker == END_OF_IMAGE) {
                return OptionalInt.empty();
            }
            if (marker < 0xc0 || (marker >= RESTART && marker < END_OF_IMAGE)) {
                return OptionalInt.of(at);
            }
            if (at + 4 >= file.length) {
                break;
            }
            int next = at + 2 + bytes.unsignedShort(at + 2);
            note(marker, at + 4);
            entropy.note(marker, at + 4, next);
            if (marker == START_OF_SCAN) {
                boolean single = !progressive && unsigned(at + 4) >= frameComponents;
                int data = next;
                next = endOfScan(data);
                if (next < 0) {
                    return OptionalInt.of(-next);
                }
                OptionalInt wrong = entropy.scan(at + 4, data);
                if (wrong.isPresent()) {
                    return wrong;
                }
                if (single && next + 1 < file.length && !endsSingleScan(unsigned(next + 1))) {
                    return OptionalInt.of(next);
                }
            }
            at = next;
        }
        return OptionalInt.of(Math.min(at, file.length)); // without an end marker
    }

    private void note(int marker, int content) {
        boolean frame = marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame && content + 5 < file.length) {
            frameComponents = unsigned(content + 5);
            progressive = (marker & 3) == 2;
        } else if (marker == RESTART_INTERVAL && content + 1 < file.length) {
            restarts = bytes.unsignedShort(content) > 0;
        }
    }

    /** Returns the position of the marker after a scan's data, or the negated position of the byte that violates the rules. */
    private int endOfScan(int from) {
        int expected = 0;
        int at = from;
        while (at + 1 < file.length) {
            if (file[at] != (byte) 0xff) {
                at++;
                continue;
            }
            int code = unsigned(at + 1);
            if (code == 0) {
                at += 2;
            } else if (code == 0xff) {
                at++;
            } else if (code >= RESTART && code < RESTART + 8) {
                if (!restarts || code != RESTART + expected) {
                    return -at;
                }
                expected = (expected + 1) % 8;
                at += 2;
            } else {
                return code >= 0xc0 ? at : -at;
            }
        }
        return file.length;
    }

    private static boolean endsSingleScan(int marker) {
        return marker == END_OF_IMAGE || marker == NUMBER_OF_LINES;
    }

    private int unsigned(int at) {
        return file[at] & 0xff;
    }
}
