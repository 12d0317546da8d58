package io.github.hiera4j.media.image;

import static io.github.hiera4j.model.Check.check;

/**
 * The number of scans of a JPEG file. Every scan may go over the whole picture and take a few bytes, so that a small file could keep a
 * decoder busy for hours: their number is limited by the size of the picture.
 */
final class JpegScans {
    /** Programs write ten for a progressive file in colour. */
    private static final int ALWAYS_ALLOWED = 32;

    private static final int MOST = 500;

    /** Scans times pixels, which a decoder goes through in some seconds. */
    private static final long MOST_PIXELS = 1L << 31;

    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;

    private JpegScans() {}

    /** Fails if the file has more scans than any program writes for a picture of its size. */
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

    /** Stops at the end marker, where the structure makes no sense, and beyond the number that is allowed. */
    private static int count(byte[] file, long allowed) {
        int scans = 0;
        int at = 2;
        while (at + 3 < file.length && scans <= allowed) {
            int marker = file[at + 1] & 0xff;
            if (file[at] != (byte) 0xff || marker == 0 || (marker >= 0xd0 && marker <= 0xd7)) {
                at++; // the data of a scan
            } else if (marker == 0xff) {
                at++; // a fill byte
            } else if (marker == END_OF_IMAGE) {
                return scans;
            } else {
                scans += marker == START_OF_SCAN ? 1 : 0;
                at += 2 + Math.max(2, (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff);
            }
        }
        return scans;
    }
}
