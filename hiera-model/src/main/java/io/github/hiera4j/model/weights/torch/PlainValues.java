package io.github.hiera4j.model.weights.torch;

import io.github.hiera4j.model.weights.torch.PickleContainer.Dictionary;
import io.github.hiera4j.model.weights.torch.PickleContainer.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts the values beside a checkpoint's tensors to plain Java objects.
 *
 * <p>Containers of a pickle may be shared, so that a few kilobytes can describe any number of values. Copied values are therefore
 * counted over the whole file; an entry that contains tensors or is too large to be metadata is left out.
 */
final class PlainValues {
    private static final int MOST_VALUES = 10_000;
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int DEEPEST = 8;

    private int values;
    private long characters;

    private PlainValues() {}

    /** Returns the plain entries of a dictionary, in its order; empty if the value is not a dictionary. */
    static Map<String, Object> of(Object root) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (root instanceof Dictionary dictionary) {
            PlainValues plain = new PlainValues();
            dictionary.entries().forEach((key, value) -> {
                Optional<String> name = plain.key(key);
                name.flatMap(text -> plain.value(value, 0)).ifPresent(copy -> metadata.put(name.orElseThrow(), copy));
            });
        }
        return metadata;
    }

    private Optional<Object> value(Object value, int depth) {
        if (++values > MOST_VALUES || depth > DEEPEST) {
            return Optional.empty();
        }
        if (value instanceof Sequence sequence) {
            return list(sequence, depth);
        }
        if (value instanceof Dictionary dictionary) {
            return map(dictionary, depth);
        }
        if (value instanceof String text) {
            return fits(text) ? Optional.of(text) : Optional.empty();
        }
        return value instanceof Number || value instanceof Boolean ? Optional.of(value) : Optional.empty();
    }

    private Optional<Object> list(Sequence sequence, int depth) {
        List<Object> plain = new ArrayList<>();
        for (Object item : sequence.items()) {
            Optional<Object> inner = value(item, depth + 1);
            if (inner.isEmpty()) {
                return Optional.empty();
            }
            plain.add(inner.get());
        }
        return Optional.of(plain);
    }

    private Optional<Object> map(Dictionary dictionary, int depth) {
        Map<String, Object> plain = new LinkedHashMap<>();
        for (Map.Entry<Object, Object> entry : dictionary.entries().entrySet()) {
            Optional<String> name = key(entry.getKey());
            Optional<Object> inner = name.flatMap(text -> value(entry.getValue(), depth + 1));
            if (inner.isEmpty()) {
                return Optional.empty();
            }
            plain.put(name.orElseThrow(), inner.get());
        }
        return Optional.of(plain);
    }

    private Optional<String> key(Object key) {
        boolean plain = key instanceof String || key instanceof Number || key instanceof Boolean;
        return plain && fits(key.toString()) ? Optional.of(key.toString()) : Optional.empty();
    }

    private boolean fits(String text) {
        characters += text.length();
        return characters <= MOST_CHARACTERS;
    }
}
