package io.github.hiera4j.onnx.file;

import static io.github.hiera4j.model.Check.check;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.github.hiera4j.model.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a model with its weights, one tensor at a time.
 *
 * <p>A protocol buffer may hold 2 GB. A larger model, or any model on request, keeps its weights in a separate file,
 * {@code NAME.onnx.data}, as ONNX's external data: raw elements at offsets that the model states.
 */
public final class OnnxFile {
    /** Largest size of weights inside the model: a protocol buffer of 2 GB minus space for the graph. */
    public static final long MOST_INSIDE = Integer.MAX_VALUE - (64L << 20);

    /** Smaller tensors stay in the model: runtimes read shapes and axes while they check it. */
    private static final long LEAST_OUTSIDE = 1024;

    /** Tensors start at page boundaries, so that a runtime can map the file. */
    private static final long ALIGNMENT = 4096;

    private static final int BUFFER = 1 << 16;

    private OnnxFile() {}

    /**
     * {@return the file of the external weights of a model}
     *
     * @param model the file of the model
     */
    public static Path dataFile(Path model) {
        return model.resolveSibling(model.getFileName() + ".data");
    }

    /**
     * Writes a model. Temporary files are renamed when complete. A file of weights that replaces an older one is never
     * visible together with the older model, which is removed first.
     *
     * @param target the file of the model
     * @param model the model without the initializers
     * @param initializers its initializers
     * @param outside whether the weights are written to a separate file; this is always done if they do not fit inside
     * @return the model file, and the file of external weights if there is one
     * @throws io.github.hiera4j.model.HieraException if a file cannot be written, or a weight cannot be read
     */
    public static List<Path> write(Path target, ModelProto model, List<Initializer> initializers, boolean outside) {
        long bytes = initializers.stream().mapToLong(Initializer::bytes).sum();
        if (!outside && bytes <= MOST_INSIDE) {
            AtomicFile.write(target, channel -> writeInside(channel, model, initializers));
            return List.of(target);
        }
        Path data = dataFile(target);
        AtomicFile.write(target, channel -> {
            GraphProto.Builder graph = model.getGraph().toBuilder();
            AtomicFile.write(data, dataChannel -> {
                writeOutside(dataChannel, data, graph, initializers);
                Files.deleteIfExists(target);
            });
            byte[] complete = model.toBuilder().setGraph(graph).build().toByteArray();
            check(complete.length <= MOST_INSIDE, "%s: the graph alone takes %d bytes", target, complete.length);
            writeFully(channel, ByteBuffer.wrap(complete));
        });
        return List.of(target, data);
    }

    private static void writeOutside(
            FileChannel channel, Path data, GraphProto.Builder graph, List<Initializer> initializers)
            throws IOException {
        long position = 0;
        for (Initializer initializer : initializers) {
            TensorProto.Builder tensor = initializer.header();
            if (initializer.bytes() < LEAST_OUTSIDE) {
                tensor.setRawData(ByteString.copyFrom(initializer.elements()));
            } else {
                position = (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", String.valueOf(data.getFileName())))
                        .addExternalData(entry("offset", Long.toString(position)))
                        .addExternalData(entry("length", Long.toString(initializer.bytes())));
                channel.position(position);
                writeFully(channel, initializer.elements());
                position += initializer.bytes();
            }
            graph.addInitializer(tensor);
        }
    }

    /** Writes the same bytes as {@code ModelProto.writeTo} without the whole model in memory: lengths are known in advance. */
    private static void writeInside(FileChannel channel, ModelProto model, List<Initializer> initializers)
            throws IOException {
        GraphProto graph = model.getGraph();
        long graphBytes = graph.getSerializedSize();
        for (Initializer initializer : initializers) {
            graphBytes += fieldBytes(GraphProto.INITIALIZER_FIELD_NUMBER, tensorBytes(initializer));
        }
        CodedOutputStream out = CodedOutputStream.newInstance(Channels.newOutputStream(channel), BUFFER);
        model.toBuilder().clearGraph().build().writeTo(out);
        startField(out, ModelProto.GRAPH_FIELD_NUMBER, graphBytes);
        graph.writeTo(out);
        for (Initializer initializer : initializers) {
            startField(out, GraphProto.INITIALIZER_FIELD_NUMBER, tensorBytes(initializer));
            initializer.header().build().writeTo(out);
            startField(out, TensorProto.RAW_DATA_FIELD_NUMBER, initializer.bytes());
            out.writeRawBytes(initializer.elements());
        }
        out.flush();
    }

    private static long tensorBytes(Initializer initializer) {
        return initializer.header().build().getSerializedSize()
                + fieldBytes(TensorProto.RAW_DATA_FIELD_NUMBER, initializer.bytes());
    }

    private static long fieldBytes(int field, long length) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(length) + length;
    }

    private static void startField(CodedOutputStream out, int field, long length) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt64NoTag(length);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
