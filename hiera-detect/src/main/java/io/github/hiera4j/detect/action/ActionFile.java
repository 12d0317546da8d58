package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The file {@code actions.json} next to an action model's weights, which describes its outputs. The weights have the same names as
 * those of a classifier; this file distinguishes the two.
 *
 * @param names the action names by class id; output {@code i} is the action {@code i + 1}
 * @param evaluated the class ids that the model reports and is evaluated on
 */
record ActionFile(Map<Integer, String> names, Set<Integer> evaluated) {
    static final String NAME = "actions.json";

    private static final int LARGEST_CLASS = 10_000;

    ActionFile {
        names = Map.copyOf(names);
        evaluated = Set.copyOf(evaluated);
    }

    static void write(Path directory, Map<Integer, String> names, Set<Integer> evaluated) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", "hiera4j-actions-1");
        Map<String, String> byId = new LinkedHashMap<>();
        new TreeMap<>(names).forEach((id, name) -> byId.put(String.valueOf(id), name));
        json.put("actions", byId);
        json.put("evaluated", new TreeSet<>(evaluated));
        byte[] text = (Json.MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(directory.resolve(NAME), channel -> {
            ByteBuffer content = ByteBuffer.wrap(text);
            while (content.hasRemaining()) {
                channel.write(content);
            }
        });
    }

    /**
     * Reads the file next to a model's weights.
     *
     * @throws HieraException if it does not exist, or if the number of actions differs from the model's outputs
     */
    static ActionFile beside(Path weights, int outputs) {
        Path file = weights.toAbsolutePath().resolveSibling(NAME);
        if (!Files.isRegularFile(file)) {
            throw new HieraException(weights + ": is not an action model: expected " + NAME
                    + " next to it, as written by hiera actions-train");
        }
        JsonNode json = Json.readObject(file);
        String format = json.path("format").asString("");
        check(
                format.equals("hiera4j-actions-1"),
                "%s: expected the format hiera4j-actions-1, got '%s'",
                file,
                Printable.of(format));
        Map<Integer, String> names = new TreeMap<>();
        json.path("actions")
                .forEachEntry((id, name) -> names.put(id(file, id, outputs), Printable.of(name.asString(""))));
        check(!names.isEmpty(), "%s: names no actions", file);
        Set<Integer> evaluated = new TreeSet<>();
        for (JsonNode id : json.path("evaluated")) {
            evaluated.add(id(file, id.asString(""), outputs));
        }
        check(names.keySet().containsAll(evaluated), "%s: evaluates actions that it does not name", file);
        return new ActionFile(names, evaluated.isEmpty() ? names.keySet() : evaluated);
    }

    private static int id(Path file, String text, int outputs) {
        boolean number = text.matches("[1-9][0-9]{0,4}");
        int id = number ? Integer.parseInt(text) : 0;
        check(
                number && id <= LARGEST_CLASS && id <= outputs,
                "%s: expected class ids from 1 to %d, the model's outputs, got '%s'",
                file,
                outputs,
                Printable.of(text));
        return id;
    }
}
