package io.github.hiera4j.torch.kernel;

import io.github.hiera4j.torch.kernel.Product.Factor;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The products of a linear layer with {@code N} inputs and {@code M} outputs, whose weight is {@code [M, N]}: forward pass, gradient of the
 * input, and gradients of weight and bias.
 *
 * <p>libtorch multiplies in float32 with OpenBLAS, and in bfloat16 with an older oneDNN that adds biases separately. Where {@link OneDnn}
 * is available, it multiplies instead; docs/performance-training.md has the figures.
 */
public final class LinearProducts {
    private LinearProducts() {}

    /** {@return whether this processor computes products in bfloat16 with instructions for it; float32 is faster otherwise} */
    public static boolean haveFastBfloat16() {
        return OneDnn.computesBfloat16();
    }

    /**
     * Computes {@code x · weightᵀ + bias}.
     *
     * @param x {@code [..., N]}
     * @param weight {@code [M, N]}
     * @param bias {@code [M]}; null if there is none
     * @return {@code [..., M]}, a new tensor
     */
    public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias) {
        boolean fits = fits(x, weight, 2)
                && x.size(-1) == weight.size(1)
                && (bias == null || (fits(x, bias, 1) && bias.size(0) == weight.size(0)));
        if (!fits) {
            return torch.linear(x, weight, bias == null ? new TensorOptional() : new TensorOptional(bias));
        }
        long inputs = weight.size(1);
        long outputs = weight.size(0);
        long[] sizes = x.sizes().vec().get();
        sizes[sizes.length - 1] = outputs;
        Tensor result = empty(x, sizes);
        try (Rows rows = new Rows(x)) {
            Product product = new Product(
                    rows.factor(inputs, false),
                    new Factor(weight.data_ptr(), inputs, true),
                    result.data_ptr(),
                    x.numel() / inputs,
                    inputs,
                    outputs);
            if (OneDnn.isBfloat16(x)) {
                product.bfloat16(bias == null ? null : bias.data_ptr());
            } else {
                if (bias != null) {
                    result.copy_(bias); // in every row; the product is added
                }
                product.float32(bias != null);
            }
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
        if (!fits(ofResult, weight, 2) || ofResult.size(1) != weight.size(0)) {
            return ofResult.mm(weight);
        }
        long inputs = weight.size(1);
        long outputs = weight.size(0);
        Tensor result = empty(ofResult, ofResult.size(0), inputs);
        try (Rows rows = new Rows(ofResult)) {
            Product product = new Product(
                    rows.factor(outputs, false),
                    new Factor(weight.data_ptr(), inputs, false),
                    result.data_ptr(),
                    ofResult.size(0),
                    outputs,
                    inputs);
            if (OneDnn.isBfloat16(ofResult)) {
                product.bfloat16(null);
            } else {
                product.float32(false);
            }
        }
        return result;
    }

    /**
     * The gradients of the parameters.
     *
     * @param ofWeight {@code ofResultᵀ · x}, {@code [M, N]}
     * @param ofBias the sum of the rows of {@code ofResult}, {@code [M]}; null if it was not requested
     */
    public record Gradients(Tensor ofWeight, @Nullable Tensor ofBias) {}

    /**
     * Computes the gradients of weight and bias.
     *
     * @param ofResult the gradient of the result, {@code [R, M]}
     * @param x the input, {@code [R, N]}
     * @param place receives the gradient of the weight, {@code [M, N]}, and is overwritten; null for a new tensor
     * @param hasBias whether the gradient of a bias is computed, too, as a new tensor
     * @return the gradients
     */
    public static Gradients gradients(Tensor ofResult, Tensor x, @Nullable Tensor place, boolean hasBias) {
        Tensor ofWeight = place == null ? empty(x, ofResult.size(1), x.size(1)) : place;
        boolean fits = fits(x, ofWeight, 2)
                && ofResult.scalar_type().intern() == x.scalar_type().intern()
                && ofResult.size(0) == x.size(0)
                && ofWeight.size(0) == ofResult.size(1)
                && ofWeight.size(1) == x.size(1);
        if (!fits) {
            torch.mm_out(ofWeight, ofResult.t(), x); // returns a second reference that owns nothing
            return new Gradients(ofWeight, hasBias ? ofResult.sum(0) : null);
        }
        try (Rows left = new Rows(ofResult);
                Rows right = new Rows(x)) {
            if (OneDnn.isBfloat16(x)) {
                Tensor ofBias = hasBias ? empty(x, ofResult.size(1)) : null;
                parametersBfloat16(left.values(), right.values(), ofWeight, ofBias);
                return new Gradients(ofWeight, ofBias);
            }
            Product product = new Product(
                    left.factor(ofResult.size(1), true),
                    right.factor(x.size(1), false),
                    ofWeight.data_ptr(),
                    ofResult.size(1),
                    x.size(0),
                    x.size(1));
            product.float32(false);
            return new Gradients(ofWeight, hasBias ? ofResult.sum(0) : null);
        }
    }

    /** Reads the gradient of the result once for both parameters. */
    private static void parametersBfloat16(Tensor ofResult, Tensor x, Tensor ofWeight, @Nullable Tensor ofBias) {
        long rows = x.size(0);
        long inputs = x.size(1);
        long outputs = ofResult.size(1);
        int type = dnnl.dnnl_bf16;
        String what = "computing the gradients of a linear layer of " + outputs + " x " + inputs + " weights for "
                + rows + " rows";
        try (OneDnnCall call = new OneDnnCall(what)) {
            var source = call.matrix(type, rows, inputs);
            var weights = call.matrix(type, outputs, inputs);
            var bias = ofBias == null ? null : call.vector(type, outputs);
            var destination = call.matrix(type, rows, outputs);
            var forward = call.describe(
                    (description, engine, attributes) -> dnnl.dnnl_inner_product_forward_primitive_desc_create(
                            description,
                            engine,
                            dnnl.dnnl_forward_training,
                            source,
                            weights,
                            bias,
                            destination,
                            attributes));
            call.put(dnnl.DNNL_ARG_SRC, source, x.data_ptr());
            call.put(dnnl.DNNL_ARG_DIFF_DST, destination, ofResult.data_ptr());
            call.put(dnnl.DNNL_ARG_DIFF_WEIGHTS, weights, ofWeight.data_ptr());
            if (bias != null && ofBias != null) {
                call.put(dnnl.DNNL_ARG_DIFF_BIAS, bias, ofBias.data_ptr());
            }
            call.run(call.describe(
                    (description, engine, attributes) -> dnnl.dnnl_inner_product_backward_weights_primitive_desc_create(
                            description, engine, source, weights, bias, destination, forward, attributes)));
        }
    }

    /** Returns whether oneDNN computes with rows and a dense parameter. */
    private static boolean fits(Tensor rows, Tensor parameter, int axes) {
        return OneDnn.supports(rows)
                && parameter.scalar_type().intern() == rows.scalar_type().intern()
                && parameter.dim() == axes
                && parameter.is_contiguous()
                && parameter.numel() > 0;
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

        Factor factor(long stride, boolean isTransposed) {
            return new Factor(values.data_ptr(), stride, isTransposed);
        }

        @Override
        public void close() {
            if (isCopy) {
                values.close();
            }
        }
    }
}
