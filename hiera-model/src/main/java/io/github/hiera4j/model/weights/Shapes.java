package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.Shape;
import java.nio.file.Path;
import java.util.List;

/** Validates shapes from untrusted files: their products must not overflow. */
public final class Shapes {
    private static final long MOST_ELEMENTS = 1L << 40;

    private Shapes() {}

    /**
     * {@return the shape of a tensor in a file, checked to have few axes and a size that fits memory}
     *
     * @param file the file
     * @param name the name
     * @param sizes sizes by axis, as stated in the file
     */
    public static Shape checked(Path file, String name, List<Long> sizes) {
        check(sizes.size() <= 16, "%s: tensor '%s' has %d axes", file, name, sizes.size());
        int[] axes = new int[sizes.size()];
        long elements = 1;
        for (int axis = 0; axis < axes.length; axis++) {
            long size = sizes.get(axis);
            boolean fits = size >= 0 && size <= Integer.MAX_VALUE && (size == 0 || elements <= MOST_ELEMENTS / size);
            check(fits, "%s: tensor '%s' has an impossible shape %s", file, name, sizes);
            elements *= size;
            axes[axis] = (int) size;
        }
        return Shape.of(axes);
    }
}
