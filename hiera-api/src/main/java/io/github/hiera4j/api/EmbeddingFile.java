package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import io.github.hiera4j.model.weights.zip.ZipWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Named embeddings in one file, written row by row in the format of its extension:
 *
 * <ul>
 *   <li>{@code .npz}: {@code embeddings}, float32 {@code [N, C]}, and {@code names}, {@code N} strings
 *   <li>{@code .safetensors}: {@code embeddings}, float32 {@code [N, C]}; the names as a JSON list under {@code names} in its metadata
 *   <li>{@code .npy}: only the array
 * </ul>
 *
 * <p>Rows are written to {@code NAME.part} in the target's directory, and their names to {@code NAME.part.names}; {@link #finish}
 * creates the target from them. If the file is closed before that, both are kept, and the next {@code EmbeddingFile} with the same
 * target and settings continues after them.
 */
public final class EmbeddingFile implements AutoCloseable {
    private static final List<String> ENDINGS = List.of(".npz", ".safetensors", ".npy");
    private static final int MOST_NAME_CHARACTERS = 4096;

    private final Path target;
    private final int channels;
    private final Path rowsFile;
    private final Path namesFile;
    private final FileChannel rows;
    private final FileChannel nameLines;
    private final List<String> names = new ArrayList<>();

    /**
     * Starts a file, or continues an unfinished one with the same settings.
     *
     * @param target the file, which ends with {@code .npz}, {@code .safetensors} or {@code .npy}
     * @param channels length of a row
     * @param settings describes everything that the rows depend on, such as the weights; rows with other settings are discarded
     * @throws HieraException if the extension is another one, or the file cannot be written
     */
    public EmbeddingFile(Path target, int channels, String settings) {
        checkEnding(target);
        check(
                Files.isDirectory(target.toAbsolutePath().resolveSibling("")) && !Files.isDirectory(target),
                "%s: cannot be written: its directory does not exist, or it is a directory itself",
                target);
        this.target = target;
        this.channels = channels;
        rowsFile = target.resolveSibling(target.getFileName() + ".part");
        namesFile = target.resolveSibling(target.getFileName() + ".part.names");
        try {
            rows = open(rowsFile);
            try {
                nameLines = open(namesFile);
            } catch (IOException | RuntimeException failure) {
                rows.close();
                throw failure;
            }
        } catch (IOException fault) {
            throw FileFault.unwritable(target, fault);
        }
        try {
            restore(settings);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /**
     * Refuses a file with an unknown extension.
     *
     * @param target the file
     * @throws HieraException if the extension is unknown; the message lists the known ones
     */
    public static void checkEnding(Path target) {
        String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
        check(
                ENDINGS.stream().anyMatch(name::endsWith),
                "%s: expected a name that ends with .npz, .safetensors or .npy",
                target);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Reuses the rows of an earlier attempt with the same settings. */
    private void restore(String settings) {
        try {
            List<String> lines = completeLines();
            String heading = json(channels + " " + settings);
            if (!lines.isEmpty() && lines.get(0).equals(heading)) {
                long complete = Math.min(lines.size() - 1L, rows.size() / rowBytes());
                lines.subList(1, (int) complete + 1).forEach(line -> names.add(text(line)));
            }
            rows.truncate(names.size() * rowBytes()).position(names.size() * rowBytes());
            nameLines.truncate(0).position(0);
            writeLine(heading);
            for (String name : names) {
                writeLine(json(name));
            }
        } catch (IOException fault) {
            throw FileFault.unwritable(target, fault);
        }
    }

    /** Returns the lines up to the last line break; the rest was not written completely. */
    private List<String> completeLines() throws IOException {
        String all = Files.readString(namesFile, StandardCharsets.UTF_8);
        int end = all.lastIndexOf('\n');
        return end < 0 ? List.of() : List.of(all.substring(0, end).split("\n", -1));
    }

    private static String json(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    private String text(String line) {
        try {
            return JsonMapper.shared().readValue(line, String.class);
        } catch (JacksonException fault) {
            throw new HieraException(namesFile + ": is damaged; remove it and " + rowsFile, fault);
        }
    }

    private long rowBytes() {
        return (long) channels * Float.BYTES;
    }

    /** {@return the names of all rows, those of an earlier attempt first} */
    public List<String> names() {
        return List.copyOf(names);
    }

    /**
     * Adds a row.
     *
     * @param name the name of the row, up to 4,096 characters
     * @param row one number per channel
     * @throws HieraException if it cannot be written
     */
    public void append(String name, float[] row) {
        check(row.length == channels, "%s: a row has %d numbers, got %d", target, channels, row.length);
        check(name.length() <= MOST_NAME_CHARACTERS, "%s: a name has up to 4096 characters", target);
        ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(row);
        try {
            SafetensorsWriter.writeFully(rows, bytes);
            writeLine(json(name));
        } catch (IOException fault) {
            throw FileFault.unwritable(target, fault);
        }
        names.add(name);
    }

    private void writeLine(String line) throws IOException {
        SafetensorsWriter.writeFully(nameLines, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes the file and removes its parts.
     *
     * @throws HieraException if it cannot be written
     */
    public void finish() {
        try {
            ByteBuffer values = rows.map(FileChannel.MapMode.READ_ONLY, 0, names.size() * rowBytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
            if (name.endsWith(".safetensors")) {
                HostTensor tensor = HostTensor.wrap(DType.FLOAT32, Shape.of(names.size(), channels), values);
                SafetensorsWriter.write(
                        target,
                        new NamedTensors(target.toString(), Map.of("embeddings", tensor)),
                        Map.of("names", JsonMapper.shared().writeValueAsString(names)));
            } else if (name.endsWith(".npz")) {
                writeArchive(values);
            } else {
                AtomicFile.write(target, channel -> {
                    SafetensorsWriter.writeFully(channel, NpyFile.header("<f4", names.size(), channels));
                    SafetensorsWriter.writeFully(channel, values);
                });
            }
            close();
            Files.deleteIfExists(rowsFile);
            Files.deleteIfExists(namesFile);
        } catch (IOException fault) {
            throw FileFault.unwritable(target, fault);
        }
    }

    private void writeArchive(ByteBuffer values) {
        AtomicFile.write(target, channel -> {
            ZipWriter zip = new ZipWriter(channel);
            zip.add("embeddings.npy", joined(NpyFile.header("<f4", names.size(), channels), values));
            zip.add("names.npy", nameArray());
            zip.finish();
        });
    }

    private ByteBuffer joined(ByteBuffer header, ByteBuffer content) {
        check(
                (long) header.remaining() + content.remaining() < Integer.MAX_VALUE - 64,
                "%s: an .npz can have up to 2 GB; write a .npy or a .safetensors",
                target);
        return ByteBuffer.allocate(header.remaining() + content.remaining())
                .put(header)
                .put(content)
                .flip();
    }

    /** Encodes NumPy's array of strings: UTF-32, padded with zeros to the same length. */
    private ByteBuffer nameArray() {
        int longest = names.stream()
                .mapToInt(name -> name.codePointCount(0, name.length()))
                .max()
                .orElse(1);
        int width = Math.max(1, longest);
        ByteBuffer text = ByteBuffer.allocate(Math.multiplyExact(Math.multiplyExact(names.size(), width), 4))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < names.size(); row++) {
            text.position(row * width * 4);
            names.get(row).codePoints().forEach(text::putInt);
        }
        return joined(NpyFile.header("<U" + width, names.size()), text.clear());
    }

    /** Keeps the rows of an unfinished file for the next attempt. */
    @Override
    public void close() {
        Optional<IOException> fault = closed(rows).or(() -> closed(nameLines));
        if (fault.isPresent()) {
            throw FileFault.unwritable(target, fault.get());
        }
    }

    private static Optional<IOException> closed(FileChannel channel) {
        try {
            channel.close();
            return Optional.empty();
        } catch (IOException fault) {
            return Optional.of(fault);
        }
    }
}
