package io.github.hiera4j.cli.files;

import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of file names on standard input: UTF-8, one per line, blank lines ignored. A line is read only when it is requested.
 * The first line that cannot be a file name ends the list, because the input is then probably not a list.
 */
final class InputList implements Iterator<Path> {
    /** Longer than the longest path of any operating system, in bytes. */
    private static final int LONGEST_LINE = 1 << 15;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final BufferedInputStream in;
    private final Consumer<String> complain;
    private @Nullable Path next;
    private long line;
    private boolean ended;

    InputList(InputStream in, Consumer<String> complain) {
        this.in = new BufferedInputStream(in);
        this.complain = complain;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            try {
                readLine();
            } catch (IOException fault) {
                throw new HieraException("standard input cannot be read: " + FileFault.reason(fault), fault);
            }
        }
        return next != null;
    }

    @Override
    public Path next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Path file = next;
        next = null;
        return Objects.requireNonNull(file);
    }

    private void readLine() throws IOException {
        line++;
        if (line == 1 && holdsMedia()) {
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int octet = in.read();
        ended = octet < 0;
        while (octet >= 0 && octet != '\n') {
            bytes.write(octet);
            if (bytes.size() > LONGEST_LINE) {
                refuse("is longer than any file name");
                return;
            }
            octet = in.read();
        }
        take(bytes.toByteArray());
    }

    private void take(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException fault) {
            refuse("is not UTF-8 text");
            return;
        }
        String name = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        if (name.isBlank()) {
            return;
        }
        if (name.indexOf(0) >= 0) {
            refuse("contains a NUL byte");
            return;
        }
        try {
            next = Path.of(name);
        } catch (InvalidPathException fault) {
            refuse("cannot be a file name: " + fault.getReason());
        }
    }

    private void refuse(String fault) {
        ended = true;
        complain.accept("line " + line + " of standard input " + fault + "; expected a file name on every line");
    }

    /** Skips a byte-order mark; ends the list if the input is an image or a video instead of a list. */
    private boolean holdsMedia() throws IOException {
        in.mark(MediaFormat.MAGIC_BYTES);
        byte[] start = new byte[MediaFormat.MAGIC_BYTES];
        int count = Math.max(0, in.read(start));
        in.reset();
        Optional<MediaFormat> format = MediaFormat.detect(Arrays.copyOf(start, count));
        if (format.isPresent() && hasControlCharacter(start, count)) {
            ended = true;
            complain.accept("standard input contains a file (" + format.get()
                    + "), expected a list of file names, one per line; pass the file's name instead of -");
            return true;
        }
        if (Arrays.equals(Arrays.copyOf(start, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
            in.skipNBytes(BYTE_ORDER_MARK.length);
        }
        return false;
    }

    /** A name may begin like a file format (GIF8.png), but every format has a control byte near its start, and names have none. */
    private static boolean hasControlCharacter(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t') {
                return true;
            }
        }
        return false;
    }
}
