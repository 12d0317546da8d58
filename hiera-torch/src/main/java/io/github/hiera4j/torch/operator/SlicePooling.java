package io.github.hiera4j.torch.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The maximum over a short axis, slice by slice: libtorch's own functions also compute indices, or are slow for strided axes.
 *
 * <p>The gradient goes to the first of equal slices, as with PyTorch's {@code max}.
 */
public final class SlicePooling {
    /** Just below 0, but above every negative difference of two activations. */
    private static final double BELOW_ZERO = -1e-30;

    /** The same for float16: minus its smallest positive value. */
    private static final double BELOW_ZERO_FLOAT16 = -0x1p-24;

    private SlicePooling() {}

    /**
     * {@return the largest element along an axis, which disappears; the caller's scope owns it}
     *
     * @param x the tensor
     * @param axis the axis, from 0
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
     * @param ofX receives the gradient; has the shape of {@code x}
     * @param x the tensor
     * @param result the result of {@code max} for {@code x}
     * @param ofResult its gradient; not changed
     * @param axis the axis, from 0
     */
    public static void gradient(Tensor ofX, Tensor x, Tensor result, Tensor ofResult, int axis) {
        boolean isFloat16 = x.scalar_type().intern() == ScalarType.Half;
        Scalar threshold = new Scalar(isFloat16 ? BELOW_ZERO_FLOAT16 : BELOW_ZERO);
        long last = x.size(axis) - 1;
        Tensor left = ofResult; // the part of the gradient that no earlier slice has taken
        for (long slice = 0; slice < last; slice++) {
            Tensor distance = x.select(axis, slice).sub(result);
            // left where the distance is 0, otherwise 0
            Tensor taken = torch.threshold_backward(left, distance, threshold);
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
