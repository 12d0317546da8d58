package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG file: size, sample depth and EXIF orientation. The checksum of every critical chunk is verified here, because
 * only here can the message state the position of the damage.
 */
public final class PngHeader {
    private static final int SIGNATURE_BYTES = 8;
    private static final int GREY = 0;

    private static final Set<String> ANIMATION = Set.of("acTL", "fcTL", "fdAT");

    private PngHeader() {}

    static ImageHeader parse(HeaderBytes bytes, byte[] file) {
        if (!bytes.hasText(SIGNATURE_BYTES + 4L, "IHDR")) {
            throw bytes.damaged("a PNG file without a header chunk");
        }
        long width = bytes.unsignedInt(16);
        long height = bytes.unsignedInt(20);
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw bytes.damaged("its header claims " + width + " x " + height + " pixels");
        }
        boolean grey16 = bytes.unsignedByte(24) == 16 && bytes.unsignedByte(25) == GREY;
        ImageHeader.Samples samples = grey16 ? ImageHeader.Samples.GREY_16 : ImageHeader.Samples.PNG;
        return new ImageHeader((int) width, (int) height, samples, walkChunks(bytes, file));
    }

    private static Orientation walkChunks(HeaderBytes bytes, byte[] file) {
        Orientation orientation = Orientation.UPRIGHT;
        long at = SIGNATURE_BYTES;
        while (!bytes.hasText(at + 4, "IEND")) {
            long length = bytes.unsignedInt(at);
            long end = at + 12 + length;
            if (end > bytes.length()) {
                throw bytes.damaged("a PNG chunk at byte " + at + " runs past the end of the file");
            }
            boolean critical = (bytes.unsignedByte(at + 4) & 0x20) == 0;
            if (critical && bytes.unsignedInt(end - 4) != checksum(file, (int) at + 4, (int) length + 4)) {
                throw bytes.damaged("the checksum of the PNG chunk at byte " + at + " is wrong");
            }
            if (bytes.hasText(at + 4, "eXIf")) {
                orientation = TiffHeader.exifOrientation(bytes.slice(at + 8, length, ByteOrder.BIG_ENDIAN));
            }
            at = end;
        }
        return orientation;
    }

    /**
     * Returns the file without animation chunks, which contains only the still image; the file itself if there are none. OpenCV 4.13
     * dereferences an invalid pointer if these chunks are damaged.
     *
     * @param file a whole file whose chunks have been checked
     */
    static byte[] still(byte[] file) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, SIGNATURE_BYTES);
        ByteBuffer numbers = ByteBuffer.wrap(file);
        for (int at = SIGNATURE_BYTES; at + 8 <= file.length; ) {
            String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (type.equals("IEND")) { // its length has not been checked
                kept.write(file, at, file.length - at);
                break;
            }
            int length = numbers.getInt(at) + 12;
            if (!ANIMATION.contains(type)) {
                kept.write(file, at, length);
            }
            at += length;
        }
        return kept.size() == file.length ? file : kept.toByteArray();
    }

    private static long checksum(byte[] file, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(file, from, length);
        return crc.getValue();
    }
}
