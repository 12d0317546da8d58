package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The regular files of a tar file: where they lie, by their headers. Links, devices and directories are passed over. */
final class TarEntries {
    private static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final long MOST_BYTES = 1L << 28;
    private static final long MOST_ATTRIBUTE_BYTES = 1L << 16;

    private final Path file;
    private final FileChannel channel;

    private TarEntries(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** A file in the archive. */
    record Entry(String name, long offset, int length) {}

    /** Reads all headers; throws a {@code HieraException} that names the file and the fault. */
    static List<Entry> read(Path file, FileChannel channel) throws IOException {
        return new TarEntries(file, channel).entries();
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer header = ByteBuffer.allocate(BLOCK);
        long size = channel.size();
        check(size > 0, "%s: the file is empty", file);
        long position = 0;
        while (position < size) {
            check(position + BLOCK <= size, "%s: ends in the middle of a header: it was cut off", file);
            readFully(channel, header.clear(), position);
            if (header.get(0) == 0) {
                break; // two blocks of zeros end an archive
            }
            requireChecksum(header);
            String name = name(header);
            long length = octal(header, 124, 12);
            long start = position + BLOCK;
            check(length <= size - start, "%s: the entry %s reaches beyond the end of the file", file, name);
            byte kind = header.get(156);
            requireShortName(kind, start, length);
            if (kind == '0' || kind == 0) {
                check(length <= MOST_BYTES, "%s: the entry %s is too large (%d bytes)", file, name, length);
                entries.add(new Entry(name, start, (int) length));
            }
            position = start + (length + BLOCK - 1) / BLOCK * BLOCK;
        }
        return entries;
    }

    /** A name of more than a header's length stands in an entry of its own, which is not read here. */
    private void requireShortName(byte kind, long start, long length) throws IOException {
        boolean isLong = kind == 'L';
        if (kind == 'x') {
            check(length <= MOST_ATTRIBUTE_BYTES, "%s: an entry has attributes of %d bytes", file, length);
            isLong = new String(bytes(channel, start, (int) length), StandardCharsets.UTF_8).contains(" path=");
        }
        check(!isLong, "%s: holds a name of more than 100 characters; pack it again with shorter names", file);
    }

    /** The sum of all bytes, those of the sum itself counted as spaces. */
    private void requireChecksum(ByteBuffer header) {
        long sum = 8 * ' ';
        for (int i = 0; i < BLOCK; i++) {
            boolean own = i >= CHECKSUM && i < CHECKSUM + 8;
            sum += own ? 0 : header.get(i) & 0xff;
        }
        check(sum == octal(header, CHECKSUM, 8), "%s: not a tar file, or a damaged one", file);
    }

    /** With the prefix of the newer format, if there is one. */
    private static String name(ByteBuffer header) {
        boolean isNewer = text(header, 257, 5).equals("ustar") && header.get(262) == 0;
        String prefix = isNewer ? text(header, 345, 155) : "";
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(ByteBuffer header, int start, int length) {
        byte[] bytes = new byte[length];
        header.get(start, bytes);
        int end = 0;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private long octal(ByteBuffer header, int start, int length) {
        String digits = text(header, start, length).strip();
        check(digits.matches("[0-7]{1,12}"), "%s: not a tar file, or a damaged one", file);
        return Long.parseLong(digits, 8);
    }

    /** Some bytes of a file. */
    static byte[] bytes(FileChannel channel, long start, int length) throws IOException {
        byte[] content = new byte[length];
        readFully(channel, ByteBuffer.wrap(content), start);
        return content;
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, at);
            if (count < 0) {
                throw new IOException("the file ends too early");
            }
            at += count;
        }
    }
}
