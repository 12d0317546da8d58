package io.github.hiera4j.detect.ava;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Printable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines and fields of AVA's comma-separated files. */
final class AvaLines {
    private static final int LONGEST_LINE = 4096;
    private static final int LARGEST_SECOND = 1_000_000;

    private AvaLines() {}

    /** Receives the fields of one line. */
    interface LineReader {
        void read(String[] fields);
    }

    /** Reads a whole file. */
    interface Source<T> {
        T read(Reader reader);
    }

    /** Opens a file as UTF-8 and reads it; a failure names the file. */
    static <T> T open(Path file, Source<T> source) {
        if (!Files.isRegularFile(file)) {
            throw new MissingFileException(file + ": no such file");
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return source.read(reader);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + FileFault.reason(e), e);
        }
    }

    /**
     * Reads the fields of every line that is not blank.
     *
     * @param name the file's name, for messages, which also state the number of the line
     */
    static void lines(Reader reader, String name, LineReader consumer) {
        int number = 1;
        try {
            for (String line = line(reader); line != null; line = line(reader)) {
                String text = number == 1 && line.startsWith("\ufeff") ? line.substring(1) : line;
                if (!text.isBlank()) {
                    consumer.read(text.split(",", -1));
                }
                number++;
            }
        } catch (HieraException fault) {
            throw new HieraException(
                    String.format(Locale.ROOT, "%s: line %d: %s", name, number, fault.getMessage()), fault);
        } catch (IOException e) {
            throw new HieraException(name + ": cannot be read: " + FileFault.reason(e), e);
        }
    }

    /** Returns the next line, or null at the end. The limit on a line's length bounds the memory. */
    private static @Nullable String line(Reader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = reader.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            check(line.length() < LONGEST_LINE, "expected lines of at most %d characters", LONGEST_LINE);
            line.append((char) next);
            next = reader.read();
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    /** Parses the first two fields. */
    static AvaFrame frame(String[] fields) {
        check(!fields[0].isBlank(), "video: is empty");
        return new AvaFrame(fields[0], integer(fields[1].strip(), "second", 0, LARGEST_SECOND));
    }

    /** Parses fields 2 to 5: x1, y1, x2, y2. */
    static double[] box(String[] fields) {
        double[] box = new double[4];
        for (int i = 0; i < 4; i++) {
            box[i] = number(fields[2 + i], "box");
        }
        return box;
    }

    static double number(String text, String field) {
        try {
            double value = Double.parseDouble(text.strip());
            check(Double.isFinite(value), "%s: expected a finite number, got '%s'", field, Printable.of(text));
            return value;
        } catch (NumberFormatException e) {
            throw new HieraException(field + ": expected a number, got '" + Printable.of(text) + "'", e);
        }
    }

    static int integer(String text, String field, int smallest, int largest) {
        try {
            int value = Integer.parseInt(text);
            check(
                    value >= smallest && value <= largest,
                    "%s: expected %d to %d, got %d",
                    field,
                    smallest,
                    largest,
                    value);
            return value;
        } catch (NumberFormatException e) {
            throw new HieraException(field + ": expected an integer, got '" + Printable.of(text) + "'", e);
        }
    }
}
