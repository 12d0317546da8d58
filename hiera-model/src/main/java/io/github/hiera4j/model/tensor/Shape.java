package io.github.hiera4j.model.tensor;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor's axes. The first axis may be {@link #BATCH}: a size that is not known until data arrives.
 *
 * <p>Immutable. Negative axes count from the end: {@code size(-1)} is the size of the last one.
 */
public final class Shape {
    /** The symbolic batch size; allowed on the first axis only. */
    public static final int BATCH = -1;

    private final int[] sizes;

    private Shape(int[] sizes) {
        this.sizes = sizes;
    }

    /**
     * {@return a shape}
     *
     * @param sizes sizes by axis; {@link #BATCH} for a symbolic batch
     */
    public static Shape of(int... sizes) {
        long elements = 1;
        for (int axis = 0; axis < sizes.length; axis++) {
            boolean batch = sizes[axis] == BATCH && axis == 0;
            check(batch || sizes[axis] >= 0, "a shape's axes must be 0 or more, got %s", Arrays.toString(sizes));
            elements *= batch ? 1 : sizes[axis];
            check(elements <= 1L << 40, "a shape of %s has too many elements", Arrays.toString(sizes));
        }
        return new Shape(sizes.clone());
    }

    /**
     * {@return a shape with the symbolic batch size before the given axes}
     *
     * @param sizes sizes by axis; {@link #BATCH} for a symbolic batch
     */
    public static Shape batched(int... sizes) {
        int[] all = new int[sizes.length + 1];
        all[0] = BATCH;
        System.arraycopy(sizes, 0, all, 1, sizes.length);
        return of(all);
    }

    /** {@return the number of axes} */
    public int rank() {
        return sizes.length;
    }

    /**
     * {@return the size of an axis; negative axes count from the end}
     *
     * @param axis from 0; negative axes count from the end
     */
    public int size(int axis) {
        return sizes[axis < 0 ? axis + sizes.length : axis];
    }

    /** {@return a copy of the sizes by axis} */
    public int[] sizes() {
        return sizes.clone();
    }

    /** {@return true while the batch size is not known} */
    public boolean isSymbolic() {
        return sizes.length > 0 && sizes[0] == BATCH;
    }

    /**
     * {@return the same shape with its symbolic batch size replaced; a shape without one is returned unchanged}
     *
     * @param batch samples, 1 or more
     */
    public Shape withBatch(int batch) {
        return isSymbolic() ? withSize(0, batch) : this;
    }

    /**
     * {@return the same shape with another size on one axis}
     *
     * @param axis from 0; negative axes count from the end
     * @param size the new size
     */
    public Shape withSize(int axis, int size) {
        int[] changed = sizes.clone();
        changed[axis < 0 ? axis + sizes.length : axis] = size;
        return of(changed);
    }

    /** {@return the number of elements of the whole tensor, or of one sample if the batch is symbolic} */
    public long elements() {
        long product = 1;
        for (int axis = isSymbolic() ? 1 : 0; axis < sizes.length; axis++) {
            product *= sizes[axis];
        }
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(sizes, that.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** Returns a readable form, such as {@code [B, 3, 224, 224]}. */
    @Override
    public String toString() {
        return Arrays.stream(sizes)
                .mapToObj(size -> size == BATCH ? "B" : Integer.toString(size))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
