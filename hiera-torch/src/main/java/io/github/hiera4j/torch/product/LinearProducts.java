package io.github.hiera4j.torch.product;

import io.github.hiera4j.torch.product.OneDnnProduct.Factor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The three products of a linear layer with {@code N} inputs and {@code M} outputs, whose weight is {@code [M, N]}: forward pass, gradient
 * of the input and gradient of the weight.
 *
 * <p>libtorch multiplies in float32 with OpenBLAS. Where {@link OneDnnProduct} is available, its products are used instead; they are 1.1 to
 * 1.4 times as fast for the sizes of Hiera (docs/performance-training.md).
 */
public final class LinearProducts {
    private LinearProducts() {}

    /**
     * Computes {@code x · weightᵀ + bias}.
     *
     * @param x {@code [..., N]}
     * @param weight {@code [M, N]}
     * @param bias {@code [M]}; null if there is none
     * @return {@code [..., M]}, a new tensor
     */
    public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (!isSupported(x, weight)) {
            return torch.linear(x, weight, bias == null ? new TensorOptional() : new TensorOptional(bias));
        }
        long inputs = weight.size(1);
        long outputs = weight.size(0);
        long[] sizes = x.sizes().vec().get();
        sizes[sizes.length - 1] = outputs;
        Tensor result = empty(x, sizes);
        if (bias != null) {
            result.copy_(bias); // in every row; the product is added
        }
        try (Rows rows = new Rows(x)) {
            OneDnnProduct.multiply(
                    new Factor(rows.values().data_ptr_float(), inputs, false),
                    new Factor(weight.data_ptr_float(), inputs, true),
                    result.data_ptr_float(),
                    x.numel() / inputs,
                    inputs,
                    outputs,
                    bias != null);
        }
        return result;
    }

    /**
     * Computes the gradient of the input, {@code ofResult · weight}.
     *
     * @param ofResult the gradient of the result, {@code [R, M]}
     * @param weight {@code [M, N]}
     * @return {@code [R, N]}, a new tensor
     */
    public static Tensor inputGradient(Tensor ofResult, Tensor weight) {
        if (!isSupported(ofResult, weight)) {
            return ofResult.mm(weight);
        }
        long inputs = weight.size(1);
        long outputs = weight.size(0);
        Tensor result = empty(ofResult, ofResult.size(0), inputs);
        try (Rows rows = new Rows(ofResult)) {
            OneDnnProduct.multiply(
                    new Factor(rows.values().data_ptr_float(), outputs, false),
                    new Factor(weight.data_ptr_float(), inputs, false),
                    result.data_ptr_float(),
                    ofResult.size(0),
                    outputs,
                    inputs,
                    false);
        }
        return result;
    }

    /**
     * Writes the gradient of the weight, {@code ofResultᵀ · x}.
     *
     * @param ofResult the gradient of the result, {@code [R, M]}
     * @param x the input, {@code [R, N]}
     * @param place {@code [M, N]}, overwritten; null for a new tensor
     * @return the gradient
     */
    public static Tensor weightGradient(Tensor ofResult, Tensor x, @Nullable Tensor place) {
        Tensor result = place == null ? empty(x, ofResult.size(1), x.size(1)) : place;
        if (!isSupported(x, result)) {
            torch.mm_out(result, ofResult.t(), x); // returns a second reference that owns nothing
            return result;
        }
        try (Rows left = new Rows(ofResult);
                Rows right = new Rows(x)) {
            OneDnnProduct.multiply(
                    new Factor(left.values().data_ptr_float(), ofResult.size(1), true),
                    new Factor(right.values().data_ptr_float(), x.size(1), false),
                    result.data_ptr_float(),
                    ofResult.size(1),
                    x.size(0),
                    x.size(1),
                    false);
        }
        return result;
    }

    private static boolean isSupported(Tensor x, Tensor matrix) {
        return x.is_cpu()
                && x.scalar_type().intern() == ScalarType.Float
                && matrix.scalar_type().intern() == ScalarType.Float
                && matrix.dim() == 2
                && matrix.is_contiguous()
                && matrix.numel() > 0
                && x.numel() > 0
                && OneDnnProduct.isAvailable();
    }

    private static Tensor empty(Tensor like, long... sizes) {
        try (TensorOptions options = like.options()) {
            return torch.empty(sizes, options, null);
        }
    }

    /** A tensor's values in dense rows: the tensor itself, or a copy that is freed again. */
    private record Rows(Tensor values, boolean isCopy) implements AutoCloseable {
        Rows(Tensor x) {
            this(x.is_contiguous() ? x : x.contiguous(), !x.is_contiguous());
        }

        @Override
        public void close() {
            if (isCopy) {
                values.close();
            }
        }
    }
}
