package io.github.hiera4j.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The maximum over a short axis, slice by slice: libtorch's own also computes indices, or reduces a strided axis slowly.
 *
 * <p>The gradient goes to the first of equal slices, as PyTorch's {@code max} has it.
 */
public final class SlicePooling {
    /** Above every difference of two activations that differ. */
    private static final double BELOW_ZERO = -1e-30;

    private SlicePooling() {}

    /**
     * {@return the largest element along an axis, which disappears; the caller's scope owns it}
     *
     * @param x the tensor
     * @param axis from 0
     */
    public static Tensor max(Tensor x, int axis) {
        Tensor result = x.select(axis, 0);
        for (long slice = 1; slice < x.size(axis); slice++) {
            Tensor larger = torch.maximum(result, x.select(axis, slice));
            result.close();
            result = larger;
        }
        return result;
    }

    /**
     * Writes the gradient of {@link #max}.
     *
     * @param ofX written: the shape of {@code x}
     * @param x the tensor
     * @param result what {@code max} gave for {@code x}
     * @param ofResult its gradient; not changed
     * @param axis from 0
     */
    public static void gradient(Tensor ofX, Tensor x, Tensor result, Tensor ofResult, int axis) {
        Scalar threshold = new Scalar(BELOW_ZERO);
        long last = x.size(axis) - 1;
        Tensor left = ofResult; // what no earlier slice has taken
        for (long slice = 0; slice < last; slice++) {
            Tensor distance = x.select(axis, slice).sub(result);
            Tensor taken = torch.threshold_backward(left, distance, threshold); // left where the distance is 0, else 0
            distance.close();
            ofX.select(axis, slice).copy_(taken);
            Tensor rest = left.sub(taken);
            taken.close();
            if (slice > 0) {
                left.close();
            }
            left = rest;
        }
        ofX.select(axis, last).copy_(left);
    }
}
