package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.SampleSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The samples of one tar file, in the order of the file. The files of a sample have the same name up to the first dot: one image or
 * video, and its class number in {@code .cls}, or as {@code label} in {@code .json}. Other files of a sample are not read.
 *
 * <p>Stored in arrays instead of objects: a sample takes about 40 bytes plus its name.
 */
final class TarShard {
    private static final int MOST_NUMBER_BYTES = 32;
    private static final int MOST_DIGITS = 6;
    private static final int MOST_JSON_BYTES = 1 << 16;

    private final Path file;
    private final long[] offsets;
    private final int[] lengths;
    private final int[] labels;
    private final byte[][] names;

    private TarShard(Path file, List<Group> samples, int[] labels) {
        this.file = file;
        this.offsets = samples.stream().mapToLong(Group::offset).toArray();
        this.lengths =
                samples.stream().mapToInt(sample -> sample.medium().length()).toArray();
        this.labels = labels;
        this.names = samples.stream()
                .map(sample -> sample.medium().name().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** The files of one sample. */
    private static final class Group {
        private final String key;
        private TarIndex.@Nullable Entry medium;
        private TarIndex.@Nullable Entry number;
        private TarIndex.@Nullable Entry json;

        Group(String key) {
            this.key = key;
        }

        TarIndex.Entry medium() {
            return Objects.requireNonNull(medium);
        }

        long offset() {
            return medium().offset();
        }
    }

    /**
     * Reads all headers and the small files with classes.
     *
     * @param labelled whether every sample must have a class; otherwise classes are not read
     * @throws HieraException if the file cannot be read or is invalid; the message names the file and the fault
     */
    static TarShard read(Path file, boolean labelled) {
        List<Group> samples = groups(file);
        int[] labels = new int[samples.size()];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (int i = 0; i < labels.length; i++) {
                labels[i] = labelled ? label(file, channel, samples.get(i)) : SampleSource.NO_LABEL;
            }
        } catch (IOException fault) {
            throw FileFault.unreadable(file, fault);
        }
        return new TarShard(file, samples, labels);
    }

    private static List<Group> groups(Path file) {
        Map<String, Group> groups = new HashMap<>();
        for (TarIndex.Entry entry : TarIndex.read(file)) {
            String name = entry.name();
            int start = name.lastIndexOf('/') + 1;
            int dot = name.indexOf('.', start);
            if (dot <= start) {
                continue; // hidden, or without an extension
            }
            String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
            boolean medium = ending.indexOf('.') < 0 && MediaFiles.isMedia(name);
            if (!medium && !ending.equals("cls") && !ending.equals("json")) {
                continue;
            }
            Group group = groups.computeIfAbsent(name.substring(0, dot), Group::new);
            if (medium) {
                group.medium = single(file, group.key, group.medium, entry);
            } else if (ending.equals("cls")) {
                group.number = single(file, group.key, group.number, entry);
            } else {
                group.json = single(file, group.key, group.json, entry);
            }
        }
        for (Group group : groups.values()) {
            check(
                    group.medium != null || group.number == null,
                    "%s: %s.cls has no image or video beside it",
                    file,
                    Printable.of(group.key));
        }
        return groups.values().stream()
                .filter(group -> group.medium != null)
                .sorted(Comparator.comparingLong(Group::offset))
                .toList();
    }

    private static TarIndex.Entry single(Path file, String key, TarIndex.@Nullable Entry before, TarIndex.Entry entry) {
        if (before != null) {
            throw new HieraException(String.format(
                    Locale.ROOT,
                    "%s: %s and %s belong to the same sample, '%s', which may have only one of them",
                    file,
                    Printable.of(before.name()),
                    Printable.of(entry.name()),
                    Printable.of(key)));
        }
        return entry;
    }

    private static int label(Path file, FileChannel channel, Group group) throws IOException {
        TarIndex.Entry number = group.number;
        if (number != null) {
            byte[] text = TarIndex.bytes(channel, number.offset(), Math.min(number.length(), MOST_NUMBER_BYTES));
            return number(file, number.name(), new String(text, StandardCharsets.UTF_8).strip());
        }
        TarIndex.Entry json = group.json;
        check(
                json != null,
                "%s: %s has no class: expected %s.cls beside it, or %s.json with a label",
                file,
                Printable.of(group.medium().name()),
                Printable.of(group.key),
                Printable.of(group.key));
        return label(file, channel, Objects.requireNonNull(json));
    }

    private static int label(Path file, FileChannel channel, TarIndex.Entry json) throws IOException {
        String name = Printable.of(json.name());
        check(json.length() <= MOST_JSON_BYTES, "%s: %s is larger than %d bytes", file, name, MOST_JSON_BYTES);
        try {
            JsonNode label = Json.MAPPER
                    .readTree(TarIndex.bytes(channel, json.offset(), json.length()))
                    .get("label");
            check(label != null && label.isIntegralNumber(), "%s: %s has no integer 'label'", file, name);
            return number(file, json.name(), Objects.requireNonNull(label).asString());
        } catch (JacksonException fault) {
            throw new HieraException(file + ": " + name + " is not valid JSON", fault);
        }
    }

    private static int number(Path file, String name, String text) {
        boolean number =
                !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        check(number, "%s: %s does not contain a class number", file, Printable.of(name));
        return Integer.parseInt(text);
    }

    int size() {
        return offsets.length;
    }

    int label(int index) {
        return labels[index];
    }

    /** Returns the shard's file and the sample's name in it. */
    String name(int index) {
        return file + "!" + Printable.of(new String(names[index], StandardCharsets.UTF_8));
    }

    /** Reads the compressed bytes of a sample. */
    byte[] bytes(int index) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return TarIndex.bytes(channel, offsets[index], lengths[index]);
        } catch (IOException fault) {
            throw FileFault.unreadable(name(index), fault);
        }
    }
}
