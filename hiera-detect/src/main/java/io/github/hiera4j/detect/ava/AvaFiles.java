package io.github.hiera4j.detect.ava;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Printable;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads AVA's comma-separated files and its label map. Files are untrusted: the length of every line and every number are checked. */
public final class AvaFiles {
    private static final int LARGEST_CLASS = 10_000;
    private static final long LARGEST_LABEL_MAP = 1 << 20;

    private AvaFiles() {}

    /**
     * Reads ground truth: {@code video,second,x1,y1,x2,y2,action[,person]}; a row with two fields is a frame without boxes.
     *
     * @param file the file, in UTF-8, read line by line
     * @return the rows
     * @throws HieraException with file, line and field of the first fault
     */
    public static List<AvaBox> groundTruth(Path file) {
        return AvaLines.open(file, reader -> groundTruth(reader, file.toString()));
    }

    /**
     * Reads the same rows from text.
     *
     * @param text the content of such a file
     * @return the rows
     */
    public static List<AvaBox> groundTruth(String text) {
        return groundTruth(new StringReader(text), "ground truth");
    }

    private static List<AvaBox> groundTruth(Reader reader, String name) {
        List<AvaBox> rows = new ArrayList<>();
        AvaLines.lines(reader, name, fields -> {
            check(
                    fields.length == 2 || fields.length == 7 || fields.length == 8,
                    "expected video,second,x1,y1,x2,y2,action,person, got %d fields",
                    fields.length);
            AvaFrame frame = AvaLines.frame(fields);
            rows.add(
                    fields.length == 2
                            ? new AvaBox(frame, null, 0, 1)
                            : new AvaBox(
                                    frame,
                                    AvaLines.box(fields),
                                    AvaLines.integer(fields[6], "action", 1, LARGEST_CLASS),
                                    1));
        });
        return rows;
    }

    /**
     * Reads detections: {@code video,second,x1,y1,x2,y2,action,score}.
     *
     * @param file the file, in UTF-8, read line by line
     * @return the rows
     * @throws HieraException with file, line and field of the first fault
     */
    public static List<AvaBox> detections(Path file) {
        return AvaLines.open(file, reader -> detections(reader, file.toString()));
    }

    /**
     * Reads the same rows from text.
     *
     * @param text the content of such a file
     * @return the rows
     */
    public static List<AvaBox> detections(String text) {
        return detections(new StringReader(text), "detections");
    }

    private static List<AvaBox> detections(Reader reader, String name) {
        List<AvaBox> rows = new ArrayList<>();
        AvaLines.lines(reader, name, fields -> {
            check(fields.length == 8, "expected video,second,x1,y1,x2,y2,action,score, got %d fields", fields.length);
            rows.add(new AvaBox(
                    AvaLines.frame(fields),
                    AvaLines.box(fields),
                    AvaLines.integer(fields[6], "action", 1, LARGEST_CLASS),
                    AvaLines.number(fields[7], "score")));
        });
        return rows;
    }

    /**
     * {@return boxes of persons: {@code video,second,x1,y1,x2,y2[,action[,score]]}; a missing or empty action or -1 becomes 0, and a
     * missing score becomes 1}
     *
     * @param file the file, in UTF-8, read line by line
     * @throws HieraException with file, line and field of the first fault
     */
    public static List<AvaBox> persons(Path file) {
        return AvaLines.open(file, reader -> persons(reader, file.toString()));
    }

    /**
     * {@return the same boxes, read from text}
     *
     * @param text the content of such a file
     */
    public static List<AvaBox> persons(String text) {
        return persons(new StringReader(text), "boxes");
    }

    private static List<AvaBox> persons(Reader reader, String name) {
        List<AvaBox> rows = new ArrayList<>();
        AvaLines.lines(reader, name, fields -> {
            check(
                    fields.length >= 6 && fields.length <= 8,
                    "expected video,second,x1,y1,x2,y2,action,score, got %d fields",
                    fields.length);
            String action = fields.length > 6 ? fields[6].strip() : "";
            int number =
                    action.isEmpty() || action.equals("-1") ? 0 : AvaLines.integer(action, "action", 0, LARGEST_CLASS);
            double score = fields.length > 7 ? AvaLines.number(fields[7], "score") : 1;
            rows.add(new AvaBox(AvaLines.frame(fields), AvaLines.box(fields), number, score));
        });
        return rows;
    }

    /**
     * Reads class names by id from a label map file of at most 1 MB.
     *
     * @param file the file, in UTF-8, read line by line
     * @return the names by id
     * @throws HieraException if it cannot be read, or an entry has no name or no id
     */
    public static Map<Integer, String> labelMap(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new MissingFileException(file + ": no such file");
        }
        try {
            check(Files.size(file) <= LARGEST_LABEL_MAP, "%s: is too large for a label map", file);
            return labelMap(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + FileFault.reason(e), e);
        } catch (HieraException fault) {
            throw fault.getMessage().startsWith(file.toString())
                    ? fault
                    : new HieraException(file + ": " + fault.getMessage(), fault);
        }
    }

    /**
     * Reads excluded frames: {@code video,second}.
     *
     * @param file the file, in UTF-8, read line by line
     * @return the frames
     */
    public static Set<AvaFrame> exclusions(Path file) {
        return AvaLines.open(file, reader -> exclusions(reader, file.toString()));
    }

    /**
     * Reads the same rows from text.
     *
     * @param text the content of such a file
     * @return the frames
     */
    public static Set<AvaFrame> exclusions(String text) {
        return exclusions(new StringReader(text), "exclusions");
    }

    private static Set<AvaFrame> exclusions(Reader reader, String name) {
        Set<AvaFrame> frames = new LinkedHashSet<>();
        AvaLines.lines(reader, name, fields -> {
            check(fields.length == 2, "expected video,second, got %d fields", fields.length);
            frames.add(AvaLines.frame(fields));
        });
        return frames;
    }

    /**
     * Reads class names by id from a label map with {@code item { name: "…" id: N }} entries.
     *
     * @param text the content of such a file
     * @return the names by id
     * @throws HieraException if an entry has no name or no id
     */
    public static Map<Integer, String> labelMap(String text) {
        Map<Integer, String> names = new LinkedHashMap<>();
        String name = null;
        int id = 0;
        for (String line : text.split("\n")) {
            String entry = line.strip();
            if (entry.startsWith("name:") || entry.startsWith("label_name:")) {
                name = entry.substring(entry.indexOf(':') + 1).strip().replace("\"", "");
            } else if (entry.startsWith("id:") || entry.startsWith("label_id:")) {
                id = AvaLines.integer(entry.substring(entry.indexOf(':') + 1).strip(), "id", 1, LARGEST_CLASS);
            } else if (entry.startsWith("}")) {
                if (name == null || id == 0) {
                    throw new HieraException("label map: an item has no name or no id");
                }
                check(!names.containsKey(id), "label map: two items have the id %d", id);
                names.put(id, Printable.of(name));
                name = null;
                id = 0;
            }
        }
        check(!names.isEmpty(), "label map: has no items");
        return names;
    }
}
