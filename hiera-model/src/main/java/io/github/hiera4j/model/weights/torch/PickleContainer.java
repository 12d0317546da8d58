package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plain container from a pickle, compared by identity so that hashing a hostile one never recurses. */
public abstract sealed class PickleContainer {
    /** Deeper than the nesting of any checkpoint; bounds the recursion over a pickle's containers. */
    static final int DEEPEST = 64;

    private int depth = 1;

    /** Records that a value is now inside this container. */
    final void adopt(Object value) {
        if (value instanceof PickleContainer inner) {
            depth = Math.max(depth, inner.depth + 1);
            check(depth <= DEEPEST, "containers nested more than %d deep", DEEPEST);
        }
    }

    /** A list, tuple or set. */
    static final class Sequence extends PickleContainer {
        private final List<Object> items = new ArrayList<>(0);

        void add(Object item) {
            adopt(item);
            items.add(item);
        }

        List<Object> items() {
            return items;
        }
    }

    /** A dict, an OrderedDict or the attributes of a namespace. */
    static final class Dictionary extends PickleContainer {
        private final boolean namespace;
        private Map<Object, Object> entries = new LinkedHashMap<>(4);

        Dictionary() {
            this(false);
        }

        /** @param namespace true for an object whose attributes arrive later as its state */
        Dictionary(boolean namespace) {
            this.namespace = namespace;
        }

        boolean isNamespace() {
            return namespace;
        }

        void put(Object key, Object value) {
            adopt(key);
            adopt(value);
            entries.put(key, value);
        }

        /** Uses another dictionary's entries without copying them. */
        void share(Dictionary other) {
            adopt(other);
            entries = other.entries;
        }

        Map<Object, Object> entries() {
            return entries;
        }
    }
}
