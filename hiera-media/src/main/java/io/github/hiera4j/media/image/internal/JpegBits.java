package io.github.hiera4j.media.image.internal;

/** Reads the bits of a JPEG scan up to its next marker; beyond it bits are 0, as in libjpeg. */
final class JpegBits {
    private static final int MARKER = 0xff;

    private final byte[] file;
    private int at;
    private long buffer;
    private int held;
    private int invented;

    JpegBits(byte[] file, int from) {
        this.file = file;
        this.at = from;
    }

    /** Returns the next 16 bits; at most 31 may be skipped before the next call. */
    int peek() {
        while (held <= 48) {
            int next = 0;
            if (atMarker()) {
                invented += 8;
            } else {
                next = file[at] & 0xff;
                at += next == MARKER ? 2 : 1; // a stuffed zero follows
            }
            buffer = buffer << 8 | next;
            held += 8;
        }
        return (int) (buffer >>> (held - 16)) & 0xffff;
    }

    void skip(int bits) {
        held -= bits;
    }

    int read(int bits) {
        int value = peek() >>> (16 - bits);
        skip(bits);
        return value;
    }

    private boolean atMarker() {
        return at + 1 >= file.length || (file[at] == (byte) MARKER && file[at + 1] != 0);
    }

    /** Returns whether more bits were read than exist before the marker. */
    boolean overran() {
        return held < invented;
    }

    /** Returns whether at least one whole byte before the marker was not read. */
    boolean hasLeftOver() {
        return !atMarker() || held - invented >= 8;
    }

    /** Returns the approximate reading position in the file, in bytes. */
    int position() {
        return Math.min(file.length, Math.max(0, at - Math.max(0, held - invented) / 8));
    }

    /** Continues after a restart marker; false if there is none. */
    boolean restart() {
        held = 0;
        invented = 0;
        while (at + 1 < file.length && file[at] == (byte) MARKER && file[at + 1] == (byte) MARKER) {
            at++;
        }
        boolean marked = at + 1 < file.length && file[at] == (byte) MARKER && (file[at + 1] & 0xf8) == 0xd0;
        at += 2;
        return marked;
    }
}
