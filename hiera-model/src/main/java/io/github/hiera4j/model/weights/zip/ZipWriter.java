package io.github.hiera4j.model.weights.zip;

import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes a zip of stored entries whose contents begin at multiples of 64 bytes, like those of PyTorch, so that storages can be
 * mapped. Archives beyond 4 GiB get zip64 records.
 */
public final class ZipWriter {
    private static final int ALIGNMENT = 64;
    private static final int VERSION_ZIP64 = 45;
    private static final int UTF8_NAMES = 1 << 11;
    private static final int FIRST_DAY = 0x21; // 1 January 1980, so that equal contents result in equal files
    private static final int PADDING_ID = 0x4246; // "FB", the extra field that PyTorch uses for padding
    private static final long UNSIGNED_INT = 0xffff_ffffL;

    private final FileChannel channel;
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private long position;
    private long entries;

    /**
     * Creates an archive.
     *
     * @param channel open for writing
     */
    public ZipWriter(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Adds one entry; its content is the buffer from its position to its limit.
     *
     * @param name the name
     * @param content the bytes, stored without compression
     * @throws java.io.IOException if the file cannot be written
     */
    public void add(String name, ByteBuffer content) throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        int size = content.remaining();
        int unpadded = 30 + nameBytes.length + 4;
        int padding = (int) ((ALIGNMENT - (position + unpadded) % ALIGNMENT) % ALIGNMENT);

        ByteBuffer header = littleEndian(unpadded + padding);
        header.putInt(0x04034b50);
        putCommon(header, (int) crc.getValue(), size, nameBytes.length, 4 + padding);
        header.put(nameBytes).putShort((short) PADDING_ID).putShort((short) padding);
        header.position(header.limit()).flip();

        addToDirectory(nameBytes, (int) crc.getValue(), size, position);
        write(header);
        write(content);
        entries++;
    }

    /**
     * Writes the central directory; the archive is complete afterwards.
     *
     * @throws java.io.IOException if the file cannot be written
     */
    public void finish() throws IOException {
        long start = position;
        write(ByteBuffer.wrap(directory.toByteArray()));
        long length = position - start;
        boolean wide = start >= UNSIGNED_INT || entries >= 0xffff;
        if (wide) {
            writeZip64End(start, length);
        }
        ByteBuffer end = littleEndian(22);
        short count = (short) (wide ? 0xffff : entries);
        end.putInt(0x06054b50).putInt(0).putShort(count).putShort(count);
        end.putInt((int) (wide ? UNSIGNED_INT : length)).putInt((int) (wide ? UNSIGNED_INT : start));
        write(end.putShort((short) 0).flip());
    }

    private void writeZip64End(long start, long length) throws IOException {
        long at = position;
        ByteBuffer end = littleEndian(56 + 20);
        end.putInt(0x06064b50).putLong(44).putShort((short) VERSION_ZIP64).putShort((short) VERSION_ZIP64);
        end.putInt(0)
                .putInt(0)
                .putLong(entries)
                .putLong(entries)
                .putLong(length)
                .putLong(start);
        end.putInt(0x07064b50).putInt(0).putLong(at).putInt(1);
        write(end.flip());
    }

    private void addToDirectory(byte[] name, int crc, int size, long headerOffset) {
        boolean wide = headerOffset >= UNSIGNED_INT;
        byte[] bytes = new byte[46 + name.length + (wide ? 12 : 0)];
        ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt(0x02014b50).putShort((short) VERSION_ZIP64);
        putCommon(entry, crc, size, name.length, wide ? 12 : 0);
        entry.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        entry.putInt((int) (wide ? UNSIGNED_INT : headerOffset)).put(name);
        if (wide) {
            entry.putShort((short) 1).putShort((short) 8).putLong(headerOffset);
        }
        directory.writeBytes(bytes);
    }

    /** Writes the fields shared by an entry's header and the directory, from the needed version to the extra length. */
    private static void putCommon(ByteBuffer target, int crc, int size, int nameLength, int extraLength) {
        target.putShort((short) VERSION_ZIP64).putShort((short) UTF8_NAMES).putShort((short) ZipDirectory.STORED);
        target.putShort((short) 0).putShort((short) FIRST_DAY);
        target.putInt(crc)
                .putInt(size)
                .putInt(size)
                .putShort((short) nameLength)
                .putShort((short) extraLength);
    }

    private void write(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        SafetensorsWriter.writeFully(channel, bytes);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
