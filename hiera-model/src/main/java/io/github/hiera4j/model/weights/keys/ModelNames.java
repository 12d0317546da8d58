package io.github.hiera4j.model.weights.keys;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Hiera among the tensors of a file.
 *
 * @param place path of containers and attributes to it, joined by dots; empty if its tensors are at the top level
 * @param averaged whether its place indicates averaged weights: an exponential moving average, a teacher
 * @param fileNames the names of its tensors in the file, by name without containers and wrappers
 * @param aside names in the file of other tensors that do not belong to a Hiera: a loss, a projection head
 */
public record ModelNames(String place, boolean averaged, Map<String, String> fileNames, List<String> aside) {
    /**
     * Copies the collections.
     *
     * @param place path of containers and attributes to it, joined by dots; empty if its tensors are at the top level
     * @param averaged whether its place indicates averaged weights: an exponential moving average, a teacher
     * @param fileNames the names of its tensors in the file, by name without containers and wrappers
     * @param aside names in the file of other tensors that do not belong to a Hiera: a loss, a projection head
     */
    public ModelNames {
        fileNames = Collections.unmodifiableMap(new LinkedHashMap<>(fileNames));
        aside = List.copyOf(aside);
    }

    /**
     * Returns its name in messages and the output of {@code inspect}.
     *
     * @return the name
     */
    public String label() {
        return place.isEmpty() ? "the top level" : place;
    }
}
