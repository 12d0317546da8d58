package io.github.hiera4j.model.weights.safetensors;

import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files tensor by tensor, with only one tensor in memory at a time. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /**
     * Writes all tensors of a source, in their element types, to a temporary file that is renamed at the end.
     *
     * @param target the file, replaced if it exists
     * @param weights the tensors under their names in the file
     * @param metadata text for {@code __metadata__}, written in the order of the keys; PyTorch readers expect {@code format = pt}
     */
    public static void write(Path target, WeightSource weights, Map<String, String> metadata) {
        // Wide types come first, so that every tensor begins at a multiple of its element size.
        List<String> names = weights.names().stream()
                .sorted(Comparator.comparingInt(
                        name -> -weights.info(name).dtype().bytes()))
                .toList();
        AtomicFile.write(target, channel -> {
            writeFully(channel, header(names, weights, metadata));
            for (String name : names) {
                writeFully(channel, weights.read(name).bytes());
            }
        });
    }

    /**
     * Writes all bytes of a buffer.
     *
     * @param channel open for writing
     * @param bytes the bytes from its position to its limit
     * @throws IOException if writing fails
     */
    public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer header(List<String> names, WeightSource weights, Map<String, String> metadata) {
        ObjectNode header = Json.MAPPER.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode remarks = header.putObject("__metadata__");
            new TreeMap<>(metadata).forEach(remarks::put); // sorted, so that equal content gives equal bytes
        }
        long position = 0;
        for (String name : names) {
            TensorInfo info = weights.info(name);
            ObjectNode entry = header.putObject(name);
            entry.put("dtype", SafetensorsHeader.dtypeName(info.dtype()));
            var shape = entry.putArray("shape");
            Arrays.stream(info.shape().sizes()).forEach(shape::add);
            entry.putArray("data_offsets").add(position).add(position + info.byteSize());
            position += info.byteSize();
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(text);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }
}
