package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Set;

/**
 * Named tensors that are read one at a time, so that a large checkpoint never stands in memory twice.
 *
 * <p>Reading is safe from several threads. A tensor that was read stays valid after the source is closed.
 */
public interface WeightSource extends AutoCloseable {
    /** Where the tensors come from, for messages: a file name, normally. */
    String description();

    /** The tensors' names, in the order of the file. */
    Set<String> names();

    /** Element type and shape of one tensor, without reading it. Throws a {@code HieraException} for an unknown name. */
    TensorInfo info(String name);

    /** One tensor in its stored element type, dense and row-major: a map of the file where the layout allows it. */
    HostTensor read(String name);

    default boolean contains(String name) {
        return names().contains(name);
    }

    @Override
    default void close() {}
}
