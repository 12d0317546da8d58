package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.io.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Rules for every setting of one kind of configuration file: it is supported, it cannot change results, or it must have one of a
 * few values. A setting that is not in the table, or has another value, is rejected by name, because it may change results and
 * must not be ignored.
 *
 * <p>Names that begin with an underscore are notes of a tool. A null counts as missing.
 */
final class SettingRules {
    /** The allowed values as text; empty for any value. */
    private final Map<String, Set<String>> rules = new HashMap<>();

    private final Set<String> honoured = new TreeSet<>();

    /** Adds settings that a reader supports or rejects itself. */
    SettingRules honoured(String... names) {
        List.of(names).forEach(name -> rules.put(name, Set.of()));
        honoured.addAll(List.of(names));
        return this;
    }

    /** Adds settings that do not affect the result of a given model on a given input. */
    SettingRules irrelevant(String... names) {
        List.of(names).forEach(name -> rules.put(name, Set.of()));
        return this;
    }

    /** Adds a setting with fixed behaviour, whose value must be one of those given. */
    SettingRules mustBe(String name, String... values) {
        rules.put(name, new TreeSet<>(List.of(values)));
        return this;
    }

    /** Returns the names that a reader must read. */
    Set<String> honoured() {
        return honoured;
    }

    /** Rejects an object with a setting that would change results in a way that is not supported. */
    void check(ConfigFields fields) {
        for (String name : fields.fieldNames()) {
            JsonNode value = fields.node(name);
            if (value.isNull() || name.startsWith("_")) {
                continue;
            }
            Set<String> allowed = rules.get(name);
            checkSupported(
                    allowed != null,
                    "%sthe setting %s is unknown and may change results; remove it if it does not",
                    fields.source(),
                    Printable.of(name));
            checkSupported(
                    allowed == null || allowed.isEmpty() || allowed.contains(text(value)),
                    "%s%s is %s, which changes results and is not supported: expected %s",
                    fields.source(),
                    name,
                    Printable.of(value),
                    allowed == null ? "" : String.join(" or ", allowed));
        }
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }
}
