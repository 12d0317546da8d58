package io.github.hiera4j.model.weights.safetensors;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.Shapes;
import io.github.hiera4j.model.weights.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * A validated safetensors header: every tensor lies inside the file, none overlaps another, and all bytes belong to tensors.
 *
 * @param dataStart position in the file of the first tensor byte
 * @param entries the tensors by name, in the order of the header
 * @param metadata the text entries of {@code __metadata__}
 */
public record SafetensorsHeader(long dataStart, Map<String, Entry> entries, Map<String, String> metadata) {
    /** The limit of the format's own reader. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final int MOST_TENSORS = 200_000;
    private static final int MOST_AXES = 16;
    private static final int LONGEST_METADATA = 16 << 20;

    private static final Map<String, DType> DTYPES = Map.of(
            "F64", DType.FLOAT64,
            "F32", DType.FLOAT32,
            "F16", DType.FLOAT16,
            "BF16", DType.BFLOAT16,
            "I64", DType.INT64,
            "I32", DType.INT32,
            "I16", DType.INT16,
            "I8", DType.INT8,
            "U8", DType.UINT8,
            "BOOL", DType.BOOL);

    /** One tensor: element type, shape and its first byte after the header. */
    record Entry(TensorInfo info, long begin) {
        long end() {
            return begin + info.byteSize();
        }
    }

    /** Returns the format's name of an element type. */
    static String dtypeName(DType dtype) {
        return DTYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == dtype)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    static SafetensorsHeader read(PositionedFile file) {
        Path path = file.path();
        check(
                file.size() >= 8,
                "%s: not a safetensors file: %d bytes are fewer than its header length",
                path,
                file.size());
        long length = file.read(0, 8).getLong();
        check(
                length >= 2 && length <= LONGEST_HEADER && length <= file.size() - 8,
                "%s: not a safetensors file: a header of %s bytes does not fit (the file has %d)",
                path,
                Long.toUnsignedString(length),
                file.size());
        byte[] text = new byte[(int) length];
        file.read(8, length).get(text);
        SafetensorsHeader header = new Parser(path, 8 + length).parse(text);
        header.checkLayout(path, file.size() - 8 - length);
        return header;
    }

    private void checkLayout(Path path, long dataBytes) {
        List<Map.Entry<String, Entry>> byPosition = new ArrayList<>(entries.entrySet());
        byPosition.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(
                        entry -> entry.getValue().begin())
                .thenComparingLong(entry -> entry.getValue().end()));
        long position = 0;
        for (Map.Entry<String, Entry> next : byPosition) {
            String name = Printable.of(next.getKey());
            long begin = next.getValue().begin();
            check(
                    begin >= position,
                    "%s: tensor '%s' overlaps another: it begins at byte %d, the one before ends at %d",
                    path,
                    name,
                    begin,
                    position);
            check(begin == position, "%s: a gap of %d bytes before tensor '%s'", path, begin - position, name);
            position = next.getValue().end();
            check(
                    position <= dataBytes,
                    "%s: truncated or damaged: tensor '%s' ends at byte %d, but the file has %d bytes of tensors",
                    path,
                    name,
                    position,
                    dataBytes);
        }
        check(
                position == dataBytes,
                "%s: %d bytes after the last tensor do not belong to a tensor",
                path,
                dataBytes - position);
    }

    /** Reads the header token by token, so that a hostile file cannot build a large tree in memory. */
    private static final class Parser {
        private final Path path;
        private final long dataStart;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private int metadataLength;

        Parser(Path path, long dataStart) {
            this.path = path;
            this.dataStart = dataStart;
        }

        SafetensorsHeader parse(byte[] text) {
            try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), text)) {
                expect(json.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
                for (String name = json.nextName(); name != null; name = json.nextName()) {
                    json.nextToken();
                    if (name.equals("__metadata__")) {
                        readMetadata(json);
                    } else {
                        check(entries.size() < MOST_TENSORS, "%s: more than %d tensors", path, MOST_TENSORS);
                        entries.put(name, readEntry(json, Printable.of(name)));
                    }
                }
                expect(json.currentToken() == JsonToken.END_OBJECT, "the header ends prematurely");
                expect(json.nextToken() == null, "the header has text after its object");
            } catch (JacksonException e) {
                throw new HieraException(path + ": damaged safetensors header: " + Json.reason(e), e);
            }
            return new SafetensorsHeader(dataStart, entries, metadata);
        }

        private void readMetadata(JsonParser json) {
            expect(json.currentToken() == JsonToken.START_OBJECT, "__metadata__ is not an object");
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                expect(json.nextToken() == JsonToken.VALUE_STRING, "__metadata__ must map text to text");
                metadata.put(key, json.getString());
                metadataLength += key.length() + json.getStringLength() + 64; // minimum memory of an entry
                expect(metadataLength <= LONGEST_METADATA, "__metadata__ is too long");
            }
        }

        private Entry readEntry(JsonParser json, String name) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw fault("tensor '" + name + "' is not described by a JSON object");
            }
            DType dtype = null;
            List<Long> sizes = null;
            List<Long> offsets = null;
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                json.nextToken();
                switch (key) {
                    case "dtype" -> dtype = readDType(json, name);
                    case "shape" -> sizes = readNumbers(json, name, MOST_AXES);
                    case "data_offsets" -> offsets = readNumbers(json, name, 2);
                    default ->
                        expect(false, "tensor '" + name + "' has an unknown property '" + Printable.of(key) + "'");
                }
            }
            if (dtype == null || sizes == null || offsets == null || offsets.size() != 2) {
                throw fault("tensor '" + name + "' must have dtype, shape and two data_offsets");
            }
            return entry(name, dtype, sizes, offsets.get(0), offsets.get(1));
        }

        private DType readDType(JsonParser json, String name) {
            DType dtype = json.currentToken() == JsonToken.VALUE_STRING ? DTYPES.get(json.getString()) : null;
            if (dtype == null) {
                throw fault("tensor '" + name + "' has the unknown dtype " + Printable.of(json.getString()));
            }
            return dtype;
        }

        private List<Long> readNumbers(JsonParser json, String name, int most) {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw fault("tensor '" + name + "' needs lists of numbers as shape and data_offsets");
            }
            List<Long> numbers = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                boolean number = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                if (!number || numbers.size() >= most) {
                    throw fault("tensor '" + name + "' needs at most " + most + " whole numbers");
                }
                if (json.getLongValue() < 0) {
                    throw fault("tensor '" + name + "' has the negative number " + json.getLongValue());
                }
                numbers.add(json.getLongValue());
            }
            return numbers;
        }

        private Entry entry(String name, DType dtype, List<Long> sizes, long begin, long end) {
            Shape shape = Shapes.checked(path, name, sizes);
            TensorInfo info = new TensorInfo(dtype, shape);
            if (end - begin != info.byteSize()) {
                throw fault("tensor '" + name + "' is " + info + ", " + info.byteSize()
                        + " bytes, but its data_offsets " + begin + " to " + end + " say " + (end - begin));
            }
            return new Entry(info, begin);
        }

        private void expect(boolean condition, String fault) {
            if (!condition) {
                throw fault(fault);
            }
        }

        private HieraException fault(@Nullable String fault) {
            return new HieraException(path + ": damaged safetensors header: " + fault);
        }
    }
}
