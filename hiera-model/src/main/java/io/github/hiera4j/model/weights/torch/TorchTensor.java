package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import java.util.List;

/**
 * A strided view of a storage, as described in the pickle; every element must lie inside the storage.
 *
 * @param storage the underlying block
 * @param dtype element type of the view
 * @param offset first element, counted in elements of {@code dtype}
 * @param sizes elements per axis
 * @param strides distance in elements between neighbours of each axis
 */
public record TorchTensor(TorchStorage storage, DType dtype, long offset, List<Long> sizes, List<Long> strides) {

    static TorchTensor of(TorchStorage storage, DType dtype, long offset, List<Long> sizes, List<Long> strides) {
        check(sizes.size() == strides.size(), "a tensor has %d sizes and %d strides", sizes.size(), strides.size());
        long available = storage.byteSize() / dtype.bytes();
        boolean fits = offset >= 0 && offset <= available;
        long elements = 1;
        for (long size : sizes) {
            fits &= size >= 0;
            // A view larger than its storage repeats elements: harmless in PyTorch, but it could exhaust the memory
            // here.
            fits = fits && (size == 0 || elements <= available / size);
            elements = fits ? elements * size : 1;
        }
        long last = offset;
        for (int axis = 0; fits && elements > 0 && axis < sizes.size(); axis++) {
            long reach = sizes.get(axis) - 1;
            long stride = strides.get(axis);
            fits = stride >= 0 && (reach == 0 || stride <= (available - last) / reach);
            last += fits ? reach * stride : 0;
        }
        check(
                fits && (elements == 0 || last < available),
                "a tensor of shape %s (offset %d, strides %s) does not fit its storage '%s' of %d elements",
                sizes,
                offset,
                strides,
                Printable.of(storage.key()),
                available);
        return new TorchTensor(storage, dtype, offset, sizes, strides);
    }

    /** Returns whether the elements are contiguous in row-major order. */
    boolean isDense() {
        long expected = 1;
        for (int axis = sizes.size() - 1; axis >= 0; axis--) {
            if (sizes.get(axis) != 1 && strides.get(axis) != expected) {
                return false;
            }
            expected *= sizes.get(axis);
        }
        return true;
    }

    /** Returns the number of elements from the first to the last one that the view reads, both included. */
    long span() {
        long last = 0;
        for (int axis = 0; axis < sizes.size(); axis++) {
            if (sizes.get(axis) == 0) {
                return 0;
            }
            last += (sizes.get(axis) - 1) * strides.get(axis);
        }
        return last + 1;
    }
}
