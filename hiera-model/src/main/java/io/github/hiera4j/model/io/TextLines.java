package io.github.hiera4j.model.io;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.FileFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the lines of a UTF-8 text file that a user supplies: lists of files, class names, settings.
 *
 * <p>A byte-order mark is skipped; UTF-16 is recognised by its mark and rejected with a specific message. Lines may end in LF, CR LF or CR. Time is
 * linear in the size of the file, and memory is bounded by the limits.
 */
public final class TextLines {
    private static final int BUFFER = 1 << 16;
    private static final int MARK = 0xfeff;

    private final Path file;
    private final Limits limits;

    private TextLines(Path file, Limits limits) {
        this.file = file;
        this.limits = limits;
    }

    /**
     * The maximum size of a file.
     *
     * @param bytes maximum size of the file in bytes
     * @param line maximum number of characters of a line
     */
    public record Limits(long bytes, int line) {}

    /** Receives one line. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Receives the next line.
         *
         * @param number the number of the line, from 1
         * @param line the line without its terminator
         */
        void accept(int number, String line);
    }

    /**
     * {@return all lines of a small file}
     *
     * @param file the file
     * @param limits the maximum size of the file and its lines
     * @throws io.github.hiera4j.model.HieraException if the file cannot be read, is not UTF-8 text, or exceeds a limit
     */
    public static List<String> read(Path file, Limits limits) {
        List<String> lines = new ArrayList<>();
        forEach(file, limits, (number, line) -> lines.add(line));
        return lines;
    }

    /**
     * Passes the lines of a file to a receiver, one by one.
     *
     * @param file the file
     * @param limits the maximum size of the file and its lines
     * @param receiver gets each line with its number
     * @throws io.github.hiera4j.model.HieraException if the file cannot be read, is not UTF-8 text, or exceeds a limit; lines before
     *     the fault have been passed on
     */
    public static void forEach(Path file, Limits limits, Receiver receiver) {
        try {
            check(Files.exists(file), "%s: no such file", file);
            check(Files.isRegularFile(file), "%s: expected a text file, got a directory or a device", file);
            long size = Files.size(file);
            check(
                    size <= limits.bytes(),
                    "%s: has %d bytes, but such a text file may have at most %d",
                    file,
                    size,
                    limits.bytes());
            requireNoOtherUnicode(file);
            try (InputStream bytes = Files.newInputStream(file);
                    Reader reader = new InputStreamReader(
                            bytes,
                            StandardCharsets.UTF_8
                                    .newDecoder()
                                    .onMalformedInput(CodingErrorAction.REPORT)
                                    .onUnmappableCharacter(CodingErrorAction.REPORT))) {
                new TextLines(file, limits).split(reader, receiver);
            }
        } catch (CharacterCodingException e) {
            throw new DamagedFileException(file + ": is not UTF-8 text", e);
        } catch (IOException e) {
            throw FileFault.unreadable(file, e);
        }
    }

    private static void requireNoOtherUnicode(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            int first = bytes.read();
            int second = bytes.read();
            boolean wide = (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff);
            check(!wide, "%s: is UTF-16 text; save it as UTF-8", file);
        }
    }

    private void split(Reader reader, Receiver receiver) throws IOException {
        char[] buffer = new char[BUFFER];
        StringBuilder line = new StringBuilder();
        int number = 1;
        long characters = 0; // a file may grow while it is read
        boolean start = true;
        boolean afterReturn = false;
        int count;
        while ((count = reader.read(buffer)) >= 0) {
            characters += count;
            check(characters <= limits.bytes(), "%s: has more than %d bytes", file, limits.bytes());
            for (int i = 0; i < count; i++) {
                char c = buffer[i];
                boolean skipped = (start && c == MARK) || (afterReturn && c == '\n');
                start = false;
                afterReturn = c == '\r';
                if (skipped) {
                    continue;
                }
                if (c == '\n' || c == '\r') {
                    receiver.accept(number++, line.toString());
                    line.setLength(0);
                } else {
                    check(
                            line.length() < limits.line(),
                            "%s line %d: has more than %d characters",
                            file,
                            number,
                            limits.line());
                    line.append(c);
                }
            }
        }
        if (!line.isEmpty()) {
            receiver.accept(number, line.toString());
        }
    }
}
