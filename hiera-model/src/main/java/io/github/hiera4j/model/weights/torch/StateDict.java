package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.torch.PickleContainer.Dictionary;
import io.github.hiera4j.model.weights.torch.PickleContainer.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model's tensors inside an unpickled checkpoint.
 *
 * @param location where they were found, keys joined by dots
 * @param tensors by name, in the order of the file
 * @param metadata plain values beside them
 */
public record StateDict(String location, Map<String, TorchTensor> tensors, Map<String, Object> metadata) {
    private static final List<String> LOCATIONS =
            List.of("model_state", "state_dict", "model_state_dict", "model", "module");

    private static final int DEEPEST_LOCATION = 3;
    private static final int MOST_METADATA_VALUES = 10_000;
    private static final int DEEPEST_METADATA = 8;

    private record Found(String location, Dictionary dictionary) {}

    static StateDict find(Path file, Object root) {
        Found found = search("", root, 0)
                .orElseThrow(() -> new HieraException(file + ": holds no named tensors; they are looked for under "
                        + String.join(", ", LOCATIONS) + " and at the top"));
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        found.dictionary().entries().forEach((name, value) -> {
            if (name instanceof String text && value instanceof TorchTensor tensor) {
                tensors.put(text, tensor);
            }
        });
        check(tensors.size() <= 200_000, "%s: %d tensors are too many", file, tensors.size());
        return new StateDict(found.location(), tensors, metadata(root));
    }

    private static Optional<Found> search(String location, Object value, int depth) {
        if (!(value instanceof Dictionary dictionary) || depth > DEEPEST_LOCATION) {
            return Optional.empty();
        }
        for (String key : LOCATIONS) {
            Object inner = dictionary.entries().get(key);
            if (inner != null) {
                Optional<Found> found = search(location.isEmpty() ? key : location + "." + key, inner, depth + 1);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        boolean tensors = dictionary.entries().entrySet().stream()
                .anyMatch(entry -> entry.getKey() instanceof String && entry.getValue() instanceof TorchTensor);
        return tensors ? Optional.of(new Found(location, dictionary)) : Optional.empty();
    }

    private static Map<String, Object> metadata(Object root) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (root instanceof Dictionary dictionary) {
            dictionary
                    .entries()
                    .forEach((key, value) ->
                            new Plain().of(value, 0).ifPresent(plain -> metadata.put(String.valueOf(key), plain)));
        }
        return metadata;
    }

    /** Turns one value into plain Java, or gives it up where it holds tensors or is too large to be a remark. */
    private static final class Plain {
        private int values;

        Optional<Object> of(Object value, int depth) {
            if (++values > MOST_METADATA_VALUES || depth > DEEPEST_METADATA) {
                return Optional.empty();
            }
            if (value instanceof Sequence sequence) {
                return list(sequence, depth);
            }
            if (value instanceof Dictionary dictionary) {
                return map(dictionary, depth);
            }
            boolean scalar = value instanceof String || value instanceof Number || value instanceof Boolean;
            return scalar ? Optional.of(value) : Optional.empty();
        }

        private Optional<Object> list(Sequence sequence, int depth) {
            List<Object> plain = new ArrayList<>();
            for (Object item : sequence.items()) {
                Optional<Object> inner = of(item, depth + 1);
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
                Optional<Object> inner = of(entry.getValue(), depth + 1);
                if (inner.isEmpty()) {
                    return Optional.empty();
                }
                plain.put(String.valueOf(entry.getKey()), inner.get());
            }
            return Optional.of(plain);
        }
    }
}
