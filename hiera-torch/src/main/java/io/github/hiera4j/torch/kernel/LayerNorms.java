package io.github.hiera4j.torch.kernel;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Normalisation over the last axis for training: a forward pass that keeps the statistics of every row, and its gradients.
 *
 * <p>In bfloat16 oneDNN is two to three times as fast as libtorch (docs/performance-training.md).
 */
public final class LayerNorms {
    private static final int FLAGS = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift;

    private LayerNorms() {}

    /**
     * A forward pass.
     *
     * @param result {@code [..., C]}
     * @param mean the mean of every row
     * @param spread the variance of every row if oneDNN has computed it, otherwise one divided by the standard deviation
     * @param byOneDnn whether oneDNN has computed the pass
     * @param epsilon the summand of the variance
     */
    public record Pass(Tensor result, Tensor mean, Tensor spread, boolean byOneDnn, double epsilon) {
        /** Frees the statistics, which only the gradients read. */
        public void closeStatistics() {
            mean.close();
            spread.close();
        }
    }

    /**
     * The gradients of the inputs.
     *
     * @param ofX {@code [..., C]}; null if it was not requested
     * @param ofWeight {@code [C]}; null if it was not requested
     * @param ofBias {@code [C]}; null if it was not requested
     */
    public record Gradients(
            @Nullable Tensor ofX,
            @Nullable Tensor ofWeight,
            @Nullable Tensor ofBias) {}

    /**
     * Which gradients are computed.
     *
     * @param ofX that of the input
     * @param ofWeight that of the factors
     * @param ofBias that of the summands
     */
    public record Wanted(boolean ofX, boolean ofWeight, boolean ofBias) {}

    /**
     * Computes {@code (x - mean) / √(variance + epsilon) · weight + bias} for every row.
     *
     * @param x {@code [..., C]}
     * @param weight {@code [C]}, of the type of {@code x}
     * @param bias {@code [C]}, of the type of {@code x}
     * @param epsilon added to the variance, which divides by C
     * @return the result and the statistics, as new tensors
     */
    public static Pass forward(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        if (!OneDnn.isBfloat16(x) || !OneDnn.supports(x) || !x.is_contiguous()) {
            long[] channels = {weight.size(0)};
            try (T_TensorTensorTensor_T pass = torch.native_layer_norm(
                    x, channels, new TensorOptional(weight), new TensorOptional(bias), epsilon)) {
                return new Pass(
                        new Tensor(pass.get0()), new Tensor(pass.get1()), new Tensor(pass.get2()), false, epsilon);
            }
        }
        Tensor result = torch.empty_like(x);
        long rows = x.numel() / weight.size(0);
        Tensor mean = float32(rows);
        Tensor variance = float32(rows);
        try (Tensor scale = weight.to(ScalarType.Float);
                Tensor shift = bias.to(ScalarType.Float);
                OneDnnCall call = Norm.call(rows, weight.size(0))) {
            Norm norm = new Norm(call, rows, weight.size(0), epsilon);
            norm.put(dnnl.DNNL_ARG_SRC, norm.rows, x);
            norm.put(dnnl.DNNL_ARG_SCALE, norm.channels, scale);
            norm.put(dnnl.DNNL_ARG_SHIFT, norm.channels, shift);
            norm.put(dnnl.DNNL_ARG_DST, norm.rows, result);
            norm.put(dnnl.DNNL_ARG_MEAN, norm.statistics, mean);
            norm.put(dnnl.DNNL_ARG_VARIANCE, norm.statistics, variance);
            call.run(norm.forward);
        }
        return new Pass(result, mean, variance, true, epsilon);
    }

    /**
     * Computes the gradients of a pass.
     *
     * @param pass the forward pass
     * @param ofResult the gradient of its result, {@code [..., C]}
     * @param x its input
     * @param weight its factors
     * @param bias its summands
     * @param wanted which gradients are needed
     * @return the gradients, as new tensors; those of the parameters may be float32
     */
    public static Gradients gradients(Pass pass, Tensor ofResult, Tensor x, Tensor weight, Tensor bias, Wanted wanted) {
        Tensor dense = ofResult.contiguous();
        if (!pass.byOneDnn()) {
            return byLibtorch(pass, dense, x, weight, bias, wanted);
        }
        long channels = weight.size(0);
        long rows = x.numel() / channels;
        Tensor ofX = torch.empty_like(x);
        Tensor ofWeight = float32(channels);
        Tensor ofBias = float32(channels);
        try (Tensor scale = weight.to(ScalarType.Float);
                OneDnnCall call = Norm.call(rows, channels)) {
            Norm norm = new Norm(call, rows, channels, pass.epsilon());
            norm.put(dnnl.DNNL_ARG_SRC, norm.rows, x);
            norm.put(dnnl.DNNL_ARG_DIFF_DST, norm.rows, dense);
            norm.put(dnnl.DNNL_ARG_MEAN, norm.statistics, pass.mean());
            norm.put(dnnl.DNNL_ARG_VARIANCE, norm.statistics, pass.spread());
            norm.put(dnnl.DNNL_ARG_SCALE, norm.channels, scale);
            norm.put(dnnl.DNNL_ARG_DIFF_SRC, norm.rows, ofX);
            norm.put(dnnl.DNNL_ARG_DIFF_SCALE, norm.channels, ofWeight);
            norm.put(dnnl.DNNL_ARG_DIFF_SHIFT, norm.channels, ofBias);
            call.run(norm.backward());
        }
        return new Gradients(
                wanted.ofX() ? ofX : null, wanted.ofWeight() ? ofWeight : null, wanted.ofBias() ? ofBias : null);
    }

    private static Gradients byLibtorch(
            Pass pass, Tensor ofResult, Tensor x, Tensor weight, Tensor bias, Wanted wanted) {
        try (BoolPointer mask = new BoolPointer(3);
                T_TensorTensorTensor_T parts = torch.native_layer_norm_backward(
                        ofResult,
                        x,
                        new long[] {weight.size(0)},
                        pass.mean(),
                        pass.spread(),
                        new TensorOptional(weight),
                        new TensorOptional(bias),
                        mask.put(0, wanted.ofX()).put(1, wanted.ofWeight()).put(2, wanted.ofBias()))) {
            return new Gradients(
                    wanted.ofX() ? new Tensor(parts.get0()) : null,
                    wanted.ofWeight() ? new Tensor(parts.get1()) : null,
                    wanted.ofBias() ? new Tensor(parts.get2()) : null);
        }
    }

    private static Tensor float32(long length) {
        try (TensorOptions type = new TensorOptions(ScalarType.Float)) {
            return torch.empty(new long[] {length}, type, null);
        }
    }

    /** The formats of a norm, and the description of its forward pass, which that of the gradients needs, too. */
    private static final class Norm {
        private final OneDnnCall call;
        private final float epsilon;
        private final dnnl_memory_desc rows;
        private final dnnl_memory_desc channels;
        private final dnnl_memory_desc statistics;
        private final dnnl_primitive_desc forward;

        static OneDnnCall call(long length, long width) {
            return new OneDnnCall("normalising " + length + " rows of " + width + " channels");
        }

        /** Adds the formats to a call, which owns them. */
        Norm(OneDnnCall call, long length, long width, double epsilon) {
            this.call = call;
            this.epsilon = (float) epsilon;
            rows = call.matrix(dnnl.dnnl_bf16, length, width);
            channels = call.vector(dnnl.dnnl_f32, width);
            statistics = call.vector(dnnl.dnnl_f32, length);
            forward = call.describe(
                    (description, engine, attributes) -> dnnl.dnnl_layer_normalization_forward_primitive_desc_create(
                            description,
                            engine,
                            dnnl.dnnl_forward_training,
                            rows,
                            rows,
                            statistics,
                            this.epsilon,
                            FLAGS,
                            attributes));
        }

        dnnl_primitive_desc backward() {
            return call.describe(
                    (description, engine, attributes) -> dnnl.dnnl_layer_normalization_backward_primitive_desc_create(
                            description,
                            engine,
                            dnnl.dnnl_backward,
                            rows,
                            rows,
                            rows,
                            statistics,
                            epsilon,
                            FLAGS,
                            forward,
                            attributes));
        }

        void put(int role, dnnl_memory_desc format, Tensor values) {
            call.put(role, format, values.data_ptr());
        }
    }
}
