package io.github.hiera4j.onnx.file;

import static io.github.hiera4j.model.Check.check;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the structure and metadata of an ONNX file; weights are skipped. Files are untrusted: every length and count is bounded. */
public final class OnnxReader {
    /** A name, an operator, a shape. */
    private static final int LONGEST_TEXT = 1 << 16;

    /** Metadata may hold class names and configurations. */
    private static final int LONGEST_METADATA = 1 << 22;

    private static final int MOST_ENTRIES = 1 << 18;

    private final CodedInputStream in;
    private final List<OnnxSummary.Port> inputs = new ArrayList<>();
    private final List<OnnxSummary.Port> outputs = new ArrayList<>();
    private final List<OnnxSummary.Weight> weights = new ArrayList<>();
    private final Map<String, Integer> operators = new TreeMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private long irVersion;
    private long opset;
    private String producer = "";
    private String producerVersion = "";
    private String graph = "";
    private boolean hasGraph;
    private int entries;

    private OnnxReader(InputStream stream) {
        in = CodedInputStream.newInstance(stream);
        in.setSizeLimit(Integer.MAX_VALUE);
    }

    /**
     * Reads a file.
     *
     * @param file an ONNX model
     * @return its structure and metadata
     * @throws HieraException if it cannot be read, is not an ONNX model, or is damaged
     */
    public static OnnxSummary read(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            OnnxReader reader = new OnnxReader(stream);
            reader.model();
            check(reader.hasGraph, "%s: is not an ONNX model: it has no graph", file);
            return reader.summary();
        } catch (InvalidProtocolBufferException damaged) {
            throw new HieraException(file + ": is not an ONNX model, or is damaged: " + damaged.getMessage(), damaged);
        } catch (TooLarge bounds) {
            throw new HieraException(file + ": is not an ONNX model, or is damaged: " + bounds.getMessage(), bounds);
        } catch (IOException fault) {
            throw FileFault.unreadable(file.toString(), fault);
        }
    }

    /** A length or count beyond the limits. */
    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        TooLarge(String message) {
            super(message);
        }
    }

    private OnnxSummary summary() {
        Set<String> given = weights.stream().map(OnnxSummary.Weight::name).collect(Collectors.toSet());
        return new OnnxSummary(
                irVersion,
                (producer + " " + producerVersion).strip(),
                opset,
                graph,
                inputs.stream().filter(port -> !given.contains(port.name())).toList(),
                outputs,
                operators,
                weights,
                metadata);
    }

    private void model() throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case ModelProto.IR_VERSION_FIELD_NUMBER -> irVersion = in.readInt64();
                case ModelProto.PRODUCER_NAME_FIELD_NUMBER -> producer = text(LONGEST_TEXT);
                case ModelProto.PRODUCER_VERSION_FIELD_NUMBER -> producerVersion = text(LONGEST_TEXT);
                case ModelProto.GRAPH_FIELD_NUMBER -> {
                    hasGraph = true;
                    within(this::graph);
                }
                case ModelProto.OPSET_IMPORT_FIELD_NUMBER -> operatorSet(part(LONGEST_TEXT));
                case ModelProto.METADATA_PROPS_FIELD_NUMBER -> {
                    StringStringEntryProto entry = StringStringEntryProto.parseFrom(part(LONGEST_METADATA));
                    metadata.put(entry.getKey(), entry.getValue());
                }
                default -> in.skipField(tag);
            }
        }
    }

    private void operatorSet(byte[] bytes) throws IOException {
        OperatorSetIdProto set = OperatorSetIdProto.parseFrom(bytes);
        if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
            opset = set.getVersion();
        }
    }

    private void graph() throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case GraphProto.NAME_FIELD_NUMBER -> graph = text(LONGEST_TEXT);
                case GraphProto.NODE_FIELD_NUMBER -> within(this::node);
                case GraphProto.INITIALIZER_FIELD_NUMBER -> within(this::initializer);
                case GraphProto.INPUT_FIELD_NUMBER -> inputs.add(port(part(LONGEST_TEXT)));
                case GraphProto.OUTPUT_FIELD_NUMBER -> outputs.add(port(part(LONGEST_TEXT)));
                default -> in.skipField(tag);
            }
        }
    }

    private void node() throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == NodeProto.OP_TYPE_FIELD_NUMBER) {
                operators.merge(text(LONGEST_TEXT), 1, Integer::sum);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void initializer() throws IOException {
        String name = "";
        String type = "?";
        String file = null;
        List<Long> sizes = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case TensorProto.NAME_FIELD_NUMBER -> name = text(LONGEST_TEXT);
                case TensorProto.DATA_TYPE_FIELD_NUMBER -> type = typeName(in.readInt32());
                case TensorProto.DIMS_FIELD_NUMBER -> sizes.addAll(dimensions(tag));
                case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> {
                    StringStringEntryProto entry = StringStringEntryProto.parseFrom(part(LONGEST_TEXT));
                    file = entry.getKey().equals("location") ? entry.getValue() : file;
                }
                default -> in.skipField(tag); // the elements
            }
        }
        weights.add(weight(name, type, sizes, file));
    }

    /** Checks that the elements can be counted. */
    private static OnnxSummary.Weight weight(String name, String type, List<Long> sizes, @Nullable String file)
            throws IOException {
        OnnxSummary.Weight weight = new OnnxSummary.Weight(name, type, List.copyOf(sizes), file);
        try {
            if (sizes.stream().anyMatch(size -> size < 0) || weight.elements() < 0) {
                throw new TooLarge("a tensor has a negative size");
            }
        } catch (ArithmeticException overflow) {
            throw new TooLarge("a tensor has more elements than can be counted");
        }
        return weight;
    }

    private List<Long> dimensions(int tag) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            return List.of(in.readInt64());
        }
        List<Long> sizes = new ArrayList<>();
        CodedInputStream packed = CodedInputStream.newInstance(part(LONGEST_TEXT));
        while (!packed.isAtEnd()) {
            sizes.add(packed.readInt64());
        }
        return sizes;
    }

    private static OnnxSummary.Port port(byte[] bytes) throws IOException {
        ValueInfoProto value = ValueInfoProto.parseFrom(bytes);
        TypeProto.Tensor tensor = value.getType().getTensorType();
        List<String> axes = new ArrayList<>();
        for (TensorShapeProto.Dimension axis : tensor.getShape().getDimList()) {
            axes.add(
                    axis.hasDimValue()
                            ? Long.toString(axis.getDimValue())
                            : axis.hasDimParam() ? axis.getDimParam() : "?");
        }
        return new OnnxSummary.Port(
                value.getName(),
                value.getType().hasTensorType() ? typeName(tensor.getElemType()) : "?",
                List.copyOf(axes),
                value.getDocString());
    }

    private static String typeName(int number) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(number);
        return type == null || number == 0 ? "?" : type.name().toLowerCase(Locale.ROOT);
    }

    private interface Reading {
        void run() throws IOException;
    }

    /** Reads a message that may be large, field by field. */
    private void within(Reading reading) throws IOException {
        if (++entries > MOST_ENTRIES) {
            throw new TooLarge("it has more than " + MOST_ENTRIES + " nodes and tensors");
        }
        int limit = in.pushLimit(in.readRawVarint32());
        reading.run();
        in.checkLastTagWas(0);
        in.popLimit(limit);
    }

    /** A small message or text as bytes. */
    private byte[] part(int longest) throws IOException {
        if (++entries > MOST_ENTRIES) {
            throw new TooLarge("it has more than " + MOST_ENTRIES + " entries");
        }
        int length = in.readRawVarint32();
        if (length < 0 || length > longest) {
            throw new TooLarge("an entry of " + length + " bytes where " + longest + " are allowed");
        }
        return in.readRawBytes(length);
    }

    private String text(int longest) throws IOException {
        return new String(part(longest), StandardCharsets.UTF_8);
    }
}
