package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.weights.keys.ModelSearch;
import io.github.hiera4j.model.weights.torch.PickleContainer.Dictionary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensors of the models in an unpickled checkpoint.
 *
 * @param location the keys to them, joined by dots; empty if they are at the top level or in several places
 * @param tensors the tensors by name, in the order of the file; if there are several models, names begin with the dictionary's place
 * @param metadata plain values beside them
 */
public record StateDict(String location, Map<String, TorchTensor> tensors, Map<String, Object> metadata) {
    /** The locations of tensors that are not those of a Hiera, searched so that messages can describe them. */
    private static final List<String> LOCATIONS =
            List.of("model_state", "state_dict", "model_state_dict", "model", "module");

    private static final int DEEPEST_LOCATION = 5;
    private static final int MOST_TENSORS = 200_000;
    private static final int MOST_MODELS = 16;

    private record Found(String location, Dictionary dictionary) {}

    static StateDict find(Path file, Object root) {
        List<Found> models = new ArrayList<>();
        Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
        collectModels("", root, 0, visited, models);
        if (models.isEmpty()) {
            models.add(search("", root, 0)
                    .orElseThrow(() -> new HieraException(file + ": contains no named tensors; expected under "
                            + String.join(", ", LOCATIONS) + " or at the top level")));
        }
        boolean single = models.size() == 1;
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        for (Found model : models) {
            String place = single || model.location().isEmpty() ? "" : model.location() + ".";
            model.dictionary().entries().forEach((name, value) -> {
                if (name instanceof String text && value instanceof TorchTensor tensor) {
                    TorchTensor duplicate = tensors.put(place + text, tensor);
                    check(duplicate == null, "%s: two tensors are named '%s'", file, Printable.of(place + text));
                }
            });
            check(tensors.size() <= MOST_TENSORS, "%s: too many tensors (%d)", file, tensors.size());
        }
        return new StateDict(single ? models.get(0).location() : "", tensors, PlainValues.of(root));
    }

    /** Collects every dictionary with the patch embedding of a Hiera, whatever its name. */
    private static void collectModels(
            String location, Object value, int depth, Set<Object> visited, List<Found> models) {
        if (!(value instanceof Dictionary dictionary) || depth > DEEPEST_LOCATION || !visited.add(value)) {
            return;
        }
        boolean model = false;
        for (Map.Entry<Object, Object> entry : dictionary.entries().entrySet()) {
            if (entry.getKey() instanceof String name) {
                model |= entry.getValue() instanceof TorchTensor && ModelSearch.isMark(name);
                collectModels(inside(location, name), entry.getValue(), depth + 1, visited, models);
            }
        }
        if (model) {
            check(models.size() < MOST_MODELS, "more than %d models in one file", MOST_MODELS);
            models.add(new Found(location, dictionary));
        }
    }

    private static Optional<Found> search(String location, Object value, int depth) {
        if (!(value instanceof Dictionary dictionary) || depth > DEEPEST_LOCATION) {
            return Optional.empty();
        }
        for (String key : LOCATIONS) {
            Object inner = dictionary.entries().get(key);
            if (inner != null) {
                Optional<Found> found = search(inside(location, key), inner, depth + 1);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        boolean tensors = dictionary.entries().entrySet().stream()
                .anyMatch(entry -> entry.getKey() instanceof String && entry.getValue() instanceof TorchTensor);
        return tensors ? Optional.of(new Found(location, dictionary)) : Optional.empty();
    }

    private static String inside(String location, String key) {
        String shown = Printable.of(key);
        return location.isEmpty() ? shown : location + "." + shown;
    }
}
