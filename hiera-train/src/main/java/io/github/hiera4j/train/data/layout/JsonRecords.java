package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.io.Printable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads annotation files record by record, so that memory grows only with the requested fields of a file.
 */
final class JsonRecords {
    private static final long LARGEST_FILE = 1L << 30;

    private JsonRecords() {}

    /** Reads the records of a file that is one list; keeps of each the requested fields that are text or numbers. */
    static void list(Path file, Set<String> fields, Consumer<Map<String, String>> receiver) {
        parse(file, parser -> {
            check(parser.nextToken() == JsonToken.START_ARRAY, "%s: expected a list, got something else", file);
            records(parser, file, fields, receiver);
        });
    }

    /** Reads the records of the lists in a file's top-level object, each with the name of its list; other fields are skipped. */
    static void lists(
            Path file, Map<String, Set<String>> fieldsByList, BiConsumer<String, Map<String, String>> receiver) {
        parse(file, parser -> {
            check(parser.nextToken() == JsonToken.START_OBJECT, "%s: expected an object, got something else", file);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                Set<String> fields = fieldsByList.get(name);
                if (fields == null || value != JsonToken.START_ARRAY) {
                    parser.skipChildren();
                } else {
                    records(parser, file, fields, record -> receiver.accept(name, record));
                }
            }
        });
    }

    /** Reads the fields of a file that is one object, as text; nested values are skipped. */
    static void object(Path file, BiConsumer<String, String> receiver) {
        parse(file, parser -> {
            check(parser.nextToken() == JsonToken.START_OBJECT, "%s: expected an object, got something else", file);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isScalarValue()) {
                    receiver.accept(name, parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
        });
    }

    private static void records(
            JsonParser parser, Path file, Set<String> fields, Consumer<Map<String, String>> receiver) {
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            check(token == JsonToken.START_OBJECT, "%s: expected a list of objects, got %s in it", file, token);
            Map<String, String> record = new HashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isScalarValue() && fields.contains(name)) {
                    record.put(name, parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
            receiver.accept(record);
        }
    }

    private static void parse(Path file, Consumer<JsonParser> reader) {
        try {
            long size = Files.size(file);
            check(size <= LARGEST_FILE, "%s: is too large for a list of files (%d bytes)", file, size);
            try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
                    JsonParser parser = JsonMapper.shared().createParser(bytes)) {
                reader.accept(parser);
            }
        } catch (JacksonException e) {
            throw new DamagedFileException(
                    file + ": not valid JSON: " + Printable.of(e.getOriginalMessage()) + " at line "
                            + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()),
                    e);
        } catch (IOException e) {
            throw FileFault.unreadable(file, e);
        }
    }
}
