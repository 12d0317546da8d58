package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as strides over a buffer: reshapes, permutations and slices are new views of the same bytes.
 *
 * @param buffer the buffer that contains the elements
 * @param offset elements before the first one
 * @param sizes one per axis
 * @param strides elements from one entry of an axis to the next; 0 repeats
 * @param type element type
 */
public record View(Buffer buffer, long offset, long[] sizes, long[] strides, DType type) {

    public static View dense(Buffer buffer, DType type, long... sizes) {
        return new View(buffer, 0, sizes, denseStrides(sizes), type);
    }

    public static long[] denseStrides(long[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return strides;
    }

    public static long[] sizes(Shape shape) {
        return Arrays.stream(shape.sizes()).asLongStream().toArray();
    }

    public int rank() {
        return sizes.length;
    }

    /** The size of an axis; negative axes count from the end. */
    public long size(int axis) {
        return sizes[axis < 0 ? axis + sizes.length : axis];
    }

    public long elements() {
        return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }

    long byteOffset() {
        return offset * type.bytes();
    }

    /** Row-major without gaps. */
    public boolean isDense() {
        long expected = 1;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            if (sizes[axis] != 1 && strides[axis] != expected) {
                return false;
            }
            expected *= sizes[axis];
        }
        return true;
    }

    /** Returns the same elements with other sizes, or null if no strides can express them. */
    @Nullable
    public View reshaped(long... target) {
        long[] targetStrides = new long[target.length];
        int from = 0;
        int to = 0;
        while (to < target.length) {
            long wanted = target[to];
            if (wanted == 1) {
                to++;
                continue;
            }
            while (sizes[from] == 1) {
                from++;
            }
            // Gather source axes and target axes until both have the same number of elements.
            int fromEnd = from + 1;
            int toEnd = to + 1;
            long have = sizes[from];
            while (have != wanted) {
                if (have < wanted) {
                    have *= sizes[fromEnd++];
                } else {
                    wanted *= target[toEnd++];
                }
            }
            if (!mergeable(from, fromEnd)) {
                return null;
            }
            long stride = strides[lastUsed(from, fromEnd)];
            for (int axis = toEnd - 1; axis >= to; axis--) {
                targetStrides[axis] = stride;
                stride *= target[axis];
            }
            from = fromEnd;
            to = toEnd;
        }
        // The stride of an axis of length 1 has no meaning, but oneDNN uses its fast kernels only if it looks dense.
        for (int axis = target.length - 1; axis >= 0; axis--) {
            if (target[axis] == 1) {
                targetStrides[axis] = axis == target.length - 1 ? 1 : targetStrides[axis + 1] * target[axis + 1];
            }
        }
        return new View(buffer, offset, target, targetStrides, type);
    }

    private boolean mergeable(int start, int end) {
        int outer = -1;
        for (int axis = start; axis < end; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            if (outer >= 0 && strides[outer] != strides[axis] * sizes[axis]) {
                return false;
            }
            outer = axis;
        }
        return true;
    }

    private int lastUsed(int start, int end) {
        int last = start;
        for (int axis = start; axis < end; axis++) {
            last = sizes[axis] == 1 ? last : axis;
        }
        return last;
    }

    /** Axis {@code i} of the result is axis {@code order[i]} of this view. */
    public View permuted(int... order) {
        return new View(
                buffer,
                offset,
                IntStream.of(order).mapToLong(axis -> sizes[axis]).toArray(),
                IntStream.of(order).mapToLong(axis -> strides[axis]).toArray(),
                type);
    }

    public View permuted(List<Integer> order) {
        return permuted(order.stream().mapToInt(Integer::intValue).toArray());
    }

    public View sliced(int axis, long start, long length) {
        long[] changed = sizes.clone();
        changed[axis] = length;
        return new View(buffer, offset + start * strides[axis], changed, strides, type);
    }

    /** One entry of an axis, which disappears. */
    public View picked(int axis, long index) {
        return new View(buffer, offset + index * strides[axis], without(sizes, axis), without(strides, axis), type);
    }

    /** An axis of size 1 repeated, without copying. */
    public View repeated(int axis, long times) {
        long[] changedSizes = sizes.clone();
        long[] changedStrides = strides.clone();
        changedSizes[axis] = times;
        changedStrides[axis] = 0;
        return new View(buffer, offset, changedSizes, changedStrides, type);
    }

    /** Joins all axes but the last one; the rows must be at equal distances. */
    public View rows() {
        long channels = size(-1);
        View rows = reshaped(elements() / channels, channels);
        if (rows == null) {
            throw new IllegalStateException("a view of " + Arrays.toString(sizes) + " has no rows");
        }
        return rows;
    }

    public MemoryFormat format() {
        return Dnnl.strided(type, sizes, strides);
    }

    private static long[] without(long[] values, int removed) {
        return IntStream.range(0, values.length)
                .filter(axis -> axis != removed)
                .mapToLong(axis -> values[axis])
                .toArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return type + " " + Arrays.toString(sizes) + " strides " + Arrays.toString(strides);
    }
}
