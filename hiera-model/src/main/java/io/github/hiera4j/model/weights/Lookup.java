package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.Map;

/** Finds a tensor by name, or throws an exception that names the file. */
public final class Lookup {
    private Lookup() {}

    /**
     * {@return a tensor by its name}
     *
     * @param <T> the type of tensors
     * @param tensors the tensors by name
     * @param name the name
     * @param source the name of the source in messages
     */
    public static <T> T tensor(Map<String, T> tensors, String name, Object source) {
        T found = tensors.get(name);
        if (found == null) {
            throw new HieraException(source + ": has no tensor '" + Printable.of(name) + "'");
        }
        return found;
    }
}
