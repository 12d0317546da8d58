package io.github.hiera4j.model.io;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON with limits on depth, length and numbers, and no duplicate keys: the files are not trusted. */
public final class Json {
    private static final long LARGEST_FILE = 16L << 20;

    /** Reads JSON strictly and within limits on depth, length and numbers. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(64)
                    .maxNameLength(4096)
                    .maxStringLength(8 << 20)
                    .build())
            .build();

    /** Reads JSON strictly and within limits on depth, length and numbers. */
    public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /** Does nothing but load this class, which takes a while, so that a later call finds it loaded. */
    public static void load() {
        // the mapper is made when this class is initialised
    }

    /**
     * {@return a whole JSON object from a small file}
     *
     * @param file the file
     */
    public static JsonNode readObject(Path file) {
        JsonNode node = read(file);
        check(node.isObject(), "%s: expected a JSON object", file);
        return node;
    }

    /**
     * {@return a whole JSON value, of whatever kind, from a small file}
     *
     * @param file the file
     */
    public static JsonNode read(Path file) {
        try {
            long size = Files.size(file);
            check(size <= LARGEST_FILE, "%s: %d bytes are too many for a configuration file", file, size);
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new DamagedFileException(file + ": not valid JSON: " + reason(e), e);
        } catch (IOException e) {
            throw FileFault.unreadable(file, e);
        }
    }

    /**
     * Why parsing failed, on one line and without the source excerpt.
     *
     * @param failure the parser's exception
     * @return the reason
     */
    public static String reason(JacksonException failure) {
        return Printable.of(failure.getOriginalMessage());
    }
}
