package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Typed access to one object of a configuration file; errors name the field and its source. */
public final class ConfigFields {
    private static final int LONGEST_LIST = 100;

    /** Far larger than any size of a model; prevents overflow in products of a few sizes. */
    private static final int LARGEST_INTEGER = 1_000_000;

    private final String source;
    private final JsonNode object;

    /** @param source the prefix of messages, for example a file's name and a colon; may be empty */
    ConfigFields(String source, JsonNode object) {
        this.source = source;
        this.object = object;
    }

    /** Returns whether the field is present and not null. */
    boolean has(String name) {
        return !object.path(name).isMissingNode() && !object.path(name).isNull();
    }

    /** Returns a nested object, which is empty if the field is missing. */
    ConfigFields object(String name) {
        JsonNode inner = object.path(name);
        check(inner.isObject() || !has(name), "%s%s must be an object", source, name);
        return new ConfigFields(source, inner);
    }

    String text(String name, String otherwise) {
        JsonNode node = object.path(name);
        check(node.isString() || !has(name), "%s%s must be text, got %s", source, name, Printable.of(node));
        return node.isString() ? node.stringValue() : otherwise;
    }

    int integer(String name, int otherwise) {
        return has(name) ? integer(name, object.path(name)) : otherwise;
    }

    double number(String name, double otherwise) {
        return has(name) ? number(name, object.path(name)) : otherwise;
    }

    void ifInteger(String name, Consumer<Integer> consumer) {
        if (has(name)) {
            consumer.accept(integer(name, 0));
        }
    }

    void ifNumber(String name, Consumer<Double> consumer) {
        if (has(name)) {
            consumer.accept(number(name, 0));
        }
    }

    void ifBoolean(String name, Consumer<Boolean> consumer) {
        if (has(name)) {
            consumer.accept(bool(name, object.path(name)));
        }
    }

    void ifIntegers(String name, Consumer<List<Integer>> consumer) {
        if (has(name)) {
            consumer.accept(list(name, node -> integer(name, node)));
        }
    }

    void ifBooleans(String name, Consumer<List<Boolean>> consumer) {
        if (has(name)) {
            consumer.accept(list(name, node -> bool(name, node)));
        }
    }

    List<Double> numbers(String name) {
        return list(name, node -> number(name, node));
    }

    List<Integer> integers(String name) {
        return list(name, node -> integer(name, node));
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        object.path(name).forEach(node -> texts.add(node.asString("")));
        return texts;
    }

    /** Returns a list of strings of any length. */
    List<String> names(String name) {
        JsonNode node = object.path(name);
        check(node.isArray(), "%s%s must be a list, got %s", source, name, Printable.of(node));
        List<String> names = new ArrayList<>();
        for (JsonNode entry : node) {
            check(entry.isString(), "%s%s must contain only text, got %s", source, name, Printable.of(entry));
            names.add(entry.stringValue());
        }
        return names;
    }

    /** Returns the names of all fields. */
    List<String> fieldNames() {
        List<String> names = new ArrayList<>();
        object.properties().forEach(entry -> names.add(entry.getKey()));
        return names;
    }

    /** Returns the source of the fields, the prefix of messages. */
    String source() {
        return source;
    }

    /** Reads one number for every axis of an image, or a list with one for each. */
    void ifSizes(String name, Consumer<List<Integer>> consumer) {
        ifIntegers(name, sizes -> consumer.accept(sizes.size() == 1 ? List.of(sizes.get(0), sizes.get(0)) : sizes));
    }

    void ifText(String name, Consumer<String> consumer) {
        if (has(name)) {
            consumer.accept(text(name, ""));
        }
    }

    boolean bool(String name, boolean otherwise) {
        return has(name) ? bool(name, object.path(name)) : otherwise;
    }

    /** Returns the object itself, for fields whose names are data. */
    JsonNode node(String name) {
        return object.path(name);
    }

    /** Returns an exception for the wrong value of a field, which names it. */
    HieraException fault(String message) {
        return new HieraException(source + message);
    }

    private <T> List<T> list(String name, Function<JsonNode, T> reader) {
        JsonNode node = object.path(name);
        if (!node.isArray()) {
            return List.of(reader.apply(node)); // some tools write one number for all axes
        }
        check(node.size() <= LONGEST_LIST, "%s%s has %d entries", source, name, node.size());
        List<T> values = new ArrayList<>();
        node.forEach(entry -> values.add(reader.apply(entry)));
        return values;
    }

    private int integer(String name, JsonNode node) {
        boolean whole = node.isNumber()
                && node.doubleValue() == Math.rint(node.doubleValue())
                && Math.abs(node.doubleValue()) <= LARGEST_INTEGER;
        check(whole, "%s%s must be a whole number of at most a million, got %s", source, name, Printable.of(node));
        return (int) node.doubleValue();
    }

    private double number(String name, JsonNode node) {
        check(
                node.isNumber() && Double.isFinite(node.doubleValue()),
                "%s%s must be a number, got %s",
                source,
                name,
                Printable.of(node));
        return node.doubleValue();
    }

    private boolean bool(String name, JsonNode node) {
        check(node.isBoolean(), "%s%s must be true or false, got %s", source, name, Printable.of(node));
        return node.booleanValue();
    }
}
