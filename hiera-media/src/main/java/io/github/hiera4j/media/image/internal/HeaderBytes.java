package io.github.hiera4j.media.image.internal;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.UnsupportedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of an untrusted header: every read is checked, and one beyond the end reports that the file is cut short. */
public final class HeaderBytes {
    private final String name;
    private final ByteBuffer bytes;

    public HeaderBytes(String name, byte[] bytes, ByteOrder order) {
        this(name, ByteBuffer.wrap(bytes).order(order));
    }

    private HeaderBytes(String name, ByteBuffer bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /** Returns a range of these bytes with another byte order; positions are relative to its start. */
    public HeaderBytes slice(long from, long length, ByteOrder order) {
        require(from, length);
        return new HeaderBytes(name, bytes.slice((int) from, (int) length).order(order));
    }

    public int length() {
        return bytes.limit();
    }

    public int unsignedByte(long at) {
        require(at, 1);
        return bytes.get((int) at) & 0xff;
    }

    public int unsignedShort(long at) {
        require(at, 2);
        return bytes.getShort((int) at) & 0xffff;
    }

    public int signedInt(long at) {
        require(at, 4);
        return bytes.getInt((int) at);
    }

    public long unsignedInt(long at) {
        return signedInt(at) & 0xffffffffL;
    }

    /** Reads an unsigned 64-bit position or count; values larger than any file are treated as beyond its end. */
    public long position(long at) {
        require(at, 8);
        long number = bytes.getLong((int) at);
        return number < 0 ? Long.MAX_VALUE >> 8 : Math.min(number, Long.MAX_VALUE >> 8);
    }

    /** Returns whether the given ASCII characters are at a position. */
    public boolean hasText(long at, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        if (at < 0 || at + expected.length > length()) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes.get((int) at + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    public String name() {
        return name;
    }

    public DamagedFileException damaged(String what) {
        return new DamagedFileException(name + ": " + what + "; the file is damaged, copy or export it again");
    }

    /** Returns the exception for an unsupported sub-format. */
    public UnsupportedException unsupported(String what) {
        return new UnsupportedException(name + ": " + what + " cannot be read; export it as 8-bit RGB");
    }

    private void require(long at, long count) {
        if (at < 0 || count < 0 || at + count > length()) {
            throw new DamagedFileException(
                    name + ": the file ends at byte " + length() + " inside its header: it is cut short");
        }
    }
}
