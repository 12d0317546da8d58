package io.github.hiera4j.train.data.layout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Writes tar files byte by byte, including invalid ones. */
final class TarFile {
    private static final int BLOCK = 512;

    private TarFile() {}

    /** Concatenates entries and adds the two empty blocks at the end. */
    static void write(Path file, byte[]... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            bytes.write(entry);
        }
        bytes.write(new byte[2 * BLOCK]);
        Files.write(file, bytes.toByteArray());
    }

    static byte[] file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] file(String name, byte[] content) {
        return entry(name, content, '0');
    }

    static byte[] directory(String name) {
        return header(name, 0, '5');
    }

    static byte[] link(String name, String target) {
        byte[] header = header(name, 0, '2');
        put(header, 157, target);
        return sealed(header);
    }

    /** Returns the extra entry that GNU tar writes before an entry with a long name. */
    static byte[] longName(String name) {
        return entry("././@LongLink", (name + "\0").getBytes(StandardCharsets.UTF_8), 'L');
    }

    /** Returns the extra entry that POSIX tar writes before an entry with an extended attribute. */
    static byte[] attributes(String key, String value) {
        int bytes = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
        int length = bytes + String.valueOf(bytes + 3).length();
        return entry("attributes", (length + " " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8), 'x');
    }

    private static byte[] entry(String name, byte[] content, char kind) {
        int padded = (content.length + BLOCK - 1) / BLOCK * BLOCK;
        byte[] entry = Arrays.copyOf(header(name, content.length, kind), BLOCK + padded);
        System.arraycopy(content, 0, entry, BLOCK, content.length);
        return entry;
    }

    /** Returns only a header, regardless of its length field. */
    static byte[] header(String name, long length, char kind) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 124, String.format(Locale.ROOT, "%011o", length));
        header[156] = (byte) kind;
        put(header, 257, "ustar");
        return sealed(header);
    }

    private static byte[] sealed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte one : header) {
            sum += one & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
