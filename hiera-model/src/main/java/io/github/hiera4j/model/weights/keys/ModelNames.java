package io.github.hiera4j.model.weights.keys;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One Hiera among the tensors of a file.
 *
 * @param place containers and attributes that hold it, joined by dots; empty if its tensors lie at the top
 * @param averaged whether the place says that these are averaged weights: an exponential moving average, a teacher
 * @param fileNames the name in the file of every tensor, by its name without containers and wrappers
 * @param aside names in the file of tensors beside the model that belong to no Hiera: a loss, a projection head
 */
public record ModelNames(String place, boolean averaged, Map<String, String> fileNames, List<String> aside) {
    /**
     * Copies the collections.
     *
     * @param place containers and attributes that hold it, joined by dots; empty if its tensors lie at the top
     * @param averaged whether the place says that these are averaged weights: an exponential moving average, a teacher
     * @param fileNames the name in the file of every tensor, by its name without containers and wrappers
     * @param aside names in the file of tensors beside the model that belong to no Hiera: a loss, a projection head
     */
    public ModelNames {
        fileNames = Collections.unmodifiableMap(new LinkedHashMap<>(fileNames));
        aside = List.copyOf(aside);
    }

    /**
     * As {@code inspect} and messages name it.
     *
     * @return the text
     */
    public String label() {
        return place.isEmpty() ? "the top level" : place;
    }
}
