package io.github.hiera4j.media.image;

import static io.github.hiera4j.model.Check.check;

/**
 * Limits the number of scans in a JPEG file, depending on the size of the image. A scan of a few bytes can cover the whole image, so a
 * small file could keep a decoder busy for hours.
 */
final class JpegScans {
    /** Programs typically write ten scans in a progressive colour file. */
    private static final int ALWAYS_ALLOWED = 32;

    private static final int MOST = 500;

    /** Scans times pixels; a decoder processes this number in a few seconds. */
    private static final long MOST_PIXELS = 1L << 31;

    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;

    private JpegScans() {}

    /** Fails if the file has more scans than any program writes for an image of its size. */
    static void requireFew(byte[] file, ImageHeader header, String name) {
        long pixels = (long) header.width() * header.height();
        long allowed = Math.max(ALWAYS_ALLOWED, Math.min(MOST, MOST_PIXELS / Math.max(1, pixels)));
        int scans = count(file, allowed);
        check(
                scans <= allowed,
                "%s: a JPEG file of more than the %d scans allowed for %d x %d pixels; export it again",
                name,
                allowed,
                header.width(),
                header.height());
    }

    /** Counts scans up to the end marker, an invalid structure, or the allowed number. */
    private static int count(byte[] file, long allowed) {
        int scans = 0;
        int at = 2;
        while (at + 3 < file.length && scans <= allowed) {
            int marker = file[at + 1] & 0xff;
            if (file[at] != (byte) 0xff || marker == 0 || (marker >= 0xd0 && marker <= 0xd7)) {
                at++; // data of a scan
            } else if (marker == 0xff) {
                at++; // a fill byte
            } else if (marker == END_OF_IMAGE) {
                return scans;
            } else {
                scans += marker == START_OF_SCAN ? 1 : 0;
                at += 2 + Math.max(2, ((file[at + 2] & 0xff) << 8) | (file[at + 3] & 0xff));
            }
        }
        return scans;
    }
}
