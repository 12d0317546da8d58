package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
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

    /**
     * One tensor that must have the given shape; throws a {@code HieraException} that names the tensor where it is missing or
     * has another one.
     */
    default HostTensor read(String name, Shape expected) {
        check(contains(name), "%s: the weight '%s' %s is missing", description(), name, expected);
        Shape actual = info(name).shape();
        check(
                actual.equals(expected),
                "%s: the weight '%s' has shape %s, the model expects %s",
                description(),
                name,
                actual,
                expected);
        return read(name);
    }

    default boolean contains(String name) {
        return names().contains(name);
    }

    @Override
    default void close() {}
}
