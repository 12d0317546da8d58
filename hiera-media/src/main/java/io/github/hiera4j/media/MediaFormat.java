package io.github.hiera4j.media;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The file formats that can be read, recognised by their first bytes and never by a file's name. */
public enum MediaFormat {
    /** JPEG (JFIF or EXIF). */
    JPEG(MediaKind.IMAGE, "JPEG"),
    /** Portable Network Graphics. */
    PNG(MediaKind.IMAGE, "PNG"),
    /** WebP; the first frame is read. */
    WEBP(MediaKind.IMAGE, "WebP"),
    /** Windows bitmap. */
    BMP(MediaKind.IMAGE, "BMP"),
    /** Graphics Interchange Format; the first frame is read. */
    GIF(MediaKind.IMAGE, "GIF"),
    /** Tagged Image File Format; the first page is read. */
    TIFF(MediaKind.IMAGE, "TIFF"),
    /** HEIC and AVIF. */
    HEIF(MediaKind.IMAGE, "HEIC or AVIF"),
    /** MP4, MOV and their relatives (ISO base media file format). */
    MP4(MediaKind.VIDEO, "MP4 or QuickTime"),
    /** Matroska and its subset WebM. */
    MATROSKA(MediaKind.VIDEO, "Matroska or WebM"),
    /** Audio Video Interleave. */
    AVI(MediaKind.VIDEO, "AVI");

    /** The number of bytes that {@link #detect} examines. */
    public static final int MAGIC_BYTES = 16;

    static final String SUPPORTED =
            "supported are JPEG, PNG, WebP, BMP, GIF, TIFF, HEIC and AVIF images, and MP4, MOV, MKV, WebM and AVI videos";

    /** Boxes with which a QuickTime file without a file-type box may start. */
    private static final Set<String> QUICKTIME_STARTS = Set.of("moov", "mdat", "free", "skip", "wide", "pnot");

    /** Still-picture brands of the MP4 family: HEIC and AVIF. */
    private static final Set<String> PICTURE_BRANDS =
            Set.of("heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis");

    private final MediaKind kind;
    private final String label;

    MediaFormat(MediaKind kind, String label) {
        this.kind = kind;
        this.label = label;
    }

    /** {@return whether it is an image or a video format} */
    public MediaKind kind() {
        return kind;
    }

    /**
     * {@return the format of a file that begins with these bytes; empty if it is not supported}
     *
     * @param start the first bytes of a file
     */
    public static Optional<MediaFormat> detect(byte[] start) {
        if (startsWith(start, 0, 0xff, 0xd8, 0xff)) {
            return Optional.of(JPEG);
        }
        if (startsWith(start, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return Optional.of(PNG);
        }
        if (isTiff(start)) {
            return Optional.of(TIFF);
        }
        if (startsWith(start, 0, 0x1a, 0x45, 0xdf, 0xa3)) {
            return Optional.of(MATROSKA);
        }
        return detectByName(start);
    }

    /** Returns whether the bytes are TIFF, or BigTIFF with 8-byte positions. */
    private static boolean isTiff(byte[] start) {
        return startsWith(start, 0, 'I', 'I', 42, 0)
                || startsWith(start, 0, 'M', 'M', 0, 42)
                || startsWith(start, 0, 'I', 'I', 43, 0, 8, 0)
                || startsWith(start, 0, 'M', 'M', 0, 43, 0, 8);
    }

    private static Optional<MediaFormat> detectByName(byte[] start) {
        String first = text(start, 0, 4);
        String box = text(start, 4, 4);
        String brand = text(start, 8, 4);
        if (first.equals("RIFF")) {
            return brand.equals("WEBP")
                    ? Optional.of(WEBP)
                    : brand.equals("AVI ") ? Optional.of(AVI) : Optional.empty();
        }
        if (first.equals("GIF8")) {
            return Optional.of(GIF);
        }
        if (box.equals("ftyp") && PICTURE_BRANDS.contains(brand)) {
            return Optional.of(HEIF);
        }
        if (box.equals("ftyp") ? !PICTURE_BRANDS.contains(brand) : QUICKTIME_STARTS.contains(box)) {
            return Optional.of(MP4);
        }
        return first.startsWith("BM") ? Optional.of(BMP) : Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int at, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (at + i >= bytes.length || (bytes[at + i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = Math.min(bytes.length, from + length);
        return from >= end ? "" : new String(Arrays.copyOfRange(bytes, from, end), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return label;
    }
}
