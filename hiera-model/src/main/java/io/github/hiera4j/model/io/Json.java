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

/** Reads JSON from untrusted files, with limits on depth, length and numbers, and without duplicate keys. */
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

    /** Loads this class, which takes a while, in advance. */
    public static void load() {
        // initialising this class creates the mapper
    }

    /**
     * {@return the JSON object in a small file}
     *
     * @param file the file
     */
    public static JsonNode readObject(Path file) {
        JsonNode node = read(file);
        check(node.isObject(), "%s: expected a JSON object", file);
        return node;
    }

    /**
     * {@return the JSON value, of any type, in a small file}
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
     * Returns why parsing failed, in one line and without an excerpt of the source.
     *
     * @param failure the parser's exception
     * @return the reason
     */
    public static String reason(JacksonException failure) {
        return Printable.of(failure.getOriginalMessage());
    }
}
