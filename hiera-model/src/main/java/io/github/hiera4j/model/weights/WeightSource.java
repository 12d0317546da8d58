package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.Optional;
import java.util.Set;

/**
 * A source of named tensors, which are read one at a time so that a large checkpoint is never in memory twice.
 *
 * <p>Reading is thread-safe. A tensor that was read stays valid after the source is closed.
 */
public interface WeightSource extends AutoCloseable {
    /** {@return the origin of the tensors for messages, normally a file name} */
    String description();

    /** {@return the tensors' names, in the order of the file} */
    Set<String> names();

    /**
     * Returns element type and shape of a tensor without reading it. Throws a {@code HieraException} for an unknown name.
     *
     * @param name the parameter's name, as in {@link #names}
     * @return its element type and shape
     */
    TensorInfo info(String name);

    /**
     * {@return one tensor in its stored element type, dense and row-major, in new memory}
     *
     * @param name the parameter's name, as in {@link #names}
     */
    HostTensor read(String name);

    /**
     * Reads one tensor into memory of the caller, for example native memory, without an additional copy.
     *
     * @param name the parameter's name, as in {@link #names}
     * @param target a tensor of the element type and shape that {@link #info} returns
     */
    default void readInto(String name, HostTensor target) {
        target.bytes().put(read(name).bytes());
    }

    /**
     * {@return one tensor that must have the given shape; throws a {@code HieraException} that names the tensor if it is missing or
     * has another shape}
     *
     * @param name the parameter's name, as in {@link #names}
     * @param expected the shape that it must have
     */
    default HostTensor read(String name, Shape expected) {
        require(name, expected);
        return read(name);
    }

    /**
     * Returns element type and shape of a tensor that must have the given shape; throws a {@code HieraException} that names the
     * tensor if it is missing or has another shape.
     *
     * @param name the parameter's name, as in {@link #names}
     * @param expected the shape that it must have
     * @return its element type and shape
     */
    default TensorInfo require(String name, Shape expected) {
        check(contains(name), "%s: the weight '%s' %s is missing", description(), name, expected);
        TensorInfo info = info(name);
        check(
                info.shape().equals(expected),
                "%s: the weight '%s' has shape %s, the model expects %s",
                description(),
                name,
                info.shape(),
                expected);
        return info;
    }

    /**
     * Returns the quantisation of the linear layer with a weight; empty if the source has none. {@link #read} returns the weight
     * itself, not its integers.
     *
     * @param weight the weight's name, {@code blocks.0.attn.qkv.weight}
     * @return the layer's scales and zero point
     */
    default Optional<LinearQuantization> quantization(String weight) {
        return Optional.empty();
    }

    /**
     * {@return whether there is a tensor with the given name}
     *
     * @param name the parameter's name, as in {@link #names}
     */
    default boolean contains(String name) {
        return names().contains(name);
    }

    @Override
    default void close() {}
}
