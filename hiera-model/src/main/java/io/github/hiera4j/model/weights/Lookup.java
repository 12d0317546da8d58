package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.Map;

/** Finds a tensor by name or says which file lacks it. */
public final class Lookup {
    private Lookup() {}

    public static <T> T tensor(Map<String, T> tensors, String name, Object source) {
        T found = tensors.get(name);
        if (found == null) {
            throw new HieraException(source + ": has no tensor '" + Printable.of(name) + "'");
        }
        return found;
    }
}
