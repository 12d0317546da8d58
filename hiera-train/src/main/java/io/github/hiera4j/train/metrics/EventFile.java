package io.github.hiera4j.train.metrics;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * An event file for TensorBoard: records with masked CRC-32C checksums, each an {@code Event} message with a scalar.
 *
 * <p>The few protocol buffer fields that are needed are encoded directly: {@code Event} wall_time 1, step 2, file_version 3, summary 5;
 * {@code Summary} value 1; {@code Value} tag 1, simple_value 2.
 */
public final class EventFile implements AutoCloseable {
    private final Path path;
    private final OutputStream out;

    private EventFile(Path path, OutputStream out) {
        this.path = path;
        this.out = out;
    }

    /**
     * Starts a file; a resumed run starts another one, which TensorBoard joins to the first.
     *
     * @param directory the directory
     * @param step updates so far
     * @return the file; the caller closes it
     */
    public static EventFile create(Path directory, long step) {
        long seconds = System.currentTimeMillis() / 1000;
        Path path = directory.resolve("events.out.tfevents." + seconds + ".hiera4j." + step);
        try {
            EventFile file = new EventFile(path, Files.newOutputStream(path));
            Message event = new Message();
            event.fixed64(1, Double.doubleToLongBits((double) seconds));
            event.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
            file.record(event.toByteArray());
            return file;
        } catch (IOException e) {
            throw new HieraException(path + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /**
     * Adds one figure.
     *
     * @param step updates so far
     * @param tag the name of the curve
     * @param value of the figure, stored as a 32-bit float
     */
    public void scalar(long step, String tag, double value) {
        Message entry = new Message();
        entry.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
        entry.fixed32(2, Float.floatToIntBits((float) value));
        Message summary = new Message();
        summary.bytes(1, entry.toByteArray());
        Message event = new Message();
        event.fixed64(1, Double.doubleToLongBits(System.currentTimeMillis() / 1000.0));
        event.varint(2, step);
        event.bytes(5, summary.toByteArray());
        try {
            record(event.toByteArray());
        } catch (IOException e) {
            throw new HieraException(path + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    private void record(byte[] data) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedChecksum(record.array(), 0, 8));
        record.put(data);
        record.putInt(maskedChecksum(data, 0, data.length));
        out.write(record.array());
        out.flush();
    }

    /** Returns the rotated and shifted checksum of TensorFlow's record format. */
    static int maskedChecksum(byte[] data, int start, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(data, start, length);
        int crc = (int) checksum.getValue();
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new HieraException(path + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /** A protocol buffer message under construction. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void varint(int field, long value) {
            raw((long) field << 3);
            raw(value);
        }

        void fixed64(int field, long bits) {
            raw(((long) field << 3) | 1);
            bytes.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bits)
                    .array());
        }

        void fixed32(int field, int bits) {
            raw(((long) field << 3) | 5);
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(bits)
                    .array());
        }

        void bytes(int field, byte[] content) {
            raw(((long) field << 3) | 2);
            raw(content.length);
            bytes.writeBytes(content);
        }

        private void raw(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
