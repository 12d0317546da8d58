package io.github.hiera4j.api.insight.picture;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files of one picture, and animated ones (APNG, an extension in PNG's third edition); files are replaced atomically. */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int UP = 2; // the filter that stores differences to the row above

    private Png() {}

    /**
     * Writes a picture.
     *
     * @param target the file
     * @param picture the picture
     */
    public static void write(Path target, Rgb8Image picture) {
        writeBytes(target, encode(picture));
    }

    /**
     * Writes an endless animation. Programs that do not support animations show the first picture.
     *
     * @param target the file
     * @param pictures of one size
     * @param milliseconds per picture, 1 to 65535
     */
    public static void writeAnimated(Path target, List<Rgb8Image> pictures, int milliseconds) {
        writeBytes(target, encodeAnimated(pictures, milliseconds));
    }

    /**
     * Encodes a picture as a PNG file.
     *
     * @param picture the picture
     * @return the bytes
     */
    public static byte[] encode(Rgb8Image picture) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        chunk(out, "IHDR", header(picture));
        chunk(out, "IDAT", compressed(picture));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /**
     * Encodes an animation as a PNG file.
     *
     * @param pictures of one size
     * @param milliseconds per picture, 1 to 65535
     * @return the bytes
     */
    public static byte[] encodeAnimated(List<Rgb8Image> pictures, int milliseconds) {
        check(!pictures.isEmpty(), "an animation needs at least one picture");
        Rgb8Image first = pictures.get(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        chunk(out, "IHDR", header(first));
        chunk(
                out,
                "acTL",
                ByteBuffer.allocate(8).putInt(pictures.size()).putInt(0).array());
        int sequence = 0;
        for (Rgb8Image picture : pictures) {
            check(
                    picture.width() == first.width() && picture.height() == first.height(),
                    "the pictures of an animation must have the same size, got %s and %s",
                    first,
                    picture);
            ByteBuffer control = ByteBuffer.allocate(26).putInt(sequence++);
            control.putInt(picture.width()).putInt(picture.height()).putInt(0).putInt(0);
            control.putShort((short) milliseconds).putShort((short) 1000);
            chunk(out, "fcTL", control.array());
            byte[] data = compressed(picture);
            if (sequence == 1) { // readers without support for animations show the first picture
                chunk(out, "IDAT", data);
            } else {
                chunk(
                        out,
                        "fdAT",
                        ByteBuffer.allocate(4 + data.length)
                                .putInt(sequence++)
                                .put(data)
                                .array());
            }
        }
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] header(Rgb8Image picture) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(picture.width()).putInt(picture.height());
        return header.put((byte) 8).put((byte) 2).array(); // 8 bits, RGB
    }

    private static byte[] compressed(Rgb8Image picture) {
        int row = picture.width() * Rgb8Image.CHANNELS;
        byte[] source = picture.toByteArray();
        byte[] filtered = new byte[(row + 1) * picture.height()];
        for (int y = 0; y < picture.height(); y++) {
            filtered[y * (row + 1)] = UP;
            for (int i = 0; i < row; i++) {
                int above = y == 0 ? 0 : source[(y - 1) * row + i];
                filtered[y * (row + 1) + 1 + i] = (byte) (source[y * row + i] - above);
            }
        }
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
        try {
            deflater.setInput(filtered);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(filtered.length / 2 + 64);
            byte[] buffer = new byte[1 << 14];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    private static void writeBytes(Path target, byte[] bytes) {
        AtomicFile.write(target, channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
    }
}
