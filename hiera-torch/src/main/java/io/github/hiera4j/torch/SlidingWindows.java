package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Op;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Op.DepthwiseConvolution} and {@link Op.MaxPool} with their gradients. libtorch sees {@code [B·G, C, h, w]},
 * channel-last in memory, for which it needs no copy.
 */
public final class SlidingWindows {
    private static final long[] ONES = {1, 1};

    private SlidingWindows() {}

    /**
     * {@return the convolved grid {@code [B, G, h', w', C]}; the caller's scope owns all tensors}
     *
     * @param op the operation
     * @param x the grid {@code [B, G, h, w, C]}
     * @param weight the kernels
     */
    public static Tensor convolve(Op.DepthwiseConvolution op, Tensor x, Tensor weight) {
        Tensor planes = planes(x);
        long[] stride = NativeTensors.longs(op.stride());
        long[] padding = NativeTensors.longs(op.padding());
        Tensor result =
                torch.conv2d(planes, weight, new TensorOptional(), stride, padding, ONES.clone(), weight.size(0));
        return grid(result, x);
    }

    /**
     * {@return the gradients of the input and of the weight, undefined if not requested}
     *
     * @param op the operation
     * @param x the grid {@code [B, G, h, w, C]}
     * @param weight the kernels
     * @param ofResult the gradient of the result
     * @param ofX whether the gradient of the input is requested
     * @param ofWeight whether the gradient of the kernels is requested
     */
    public static Tensor[] gradients(
            Op.DepthwiseConvolution op, Tensor x, Tensor weight, Tensor ofResult, boolean ofX, boolean ofWeight) {
        BoolPointer wanted = new BoolPointer(3L).put(0, ofX).put(1, ofWeight).put(2, false);
        T_TensorTensorTensor_T parts = torch.convolution_backward(
                planes(ofResult),
                planes(x),
                weight,
                new long[] {0},
                NativeTensors.longs(op.stride()),
                NativeTensors.longs(op.padding()),
                ONES.clone(),
                false,
                new long[2],
                weight.size(0),
                wanted);
        Tensor[] gradients = {
            ofX ? grid(new Tensor(parts.get0()), x) : new Tensor(), ofWeight ? new Tensor(parts.get1()) : new Tensor()
        };
        parts.close();
        return gradients;
    }

    /**
     * A maximum and its position.
     *
     * @param padded the searched planes, including padding if it counts
     * @param indices positions in them
     * @param result {@code [B, G, h', w', C]}
     */
    public record Maximum(Tensor padded, Tensor indices, Tensor result) {}

    /**
     * {@return the largest values of windows; the caller's scope owns all tensors}
     *
     * @param op the operation
     * @param x the grid {@code [B, G, h, w, C]}
     */
    public static Maximum largest(Op.MaxPool op, Tensor x) {
        Tensor planes = padded(op, planes(x));
        T_TensorTensor_T pair = torch.max_pool2d_with_indices(
                planes,
                NativeTensors.longs(op.kernel()),
                NativeTensors.longs(op.stride()),
                within(op),
                ONES.clone(),
                false);
        Tensor values = new Tensor(pair.get0());
        Tensor indices = new Tensor(pair.get1());
        pair.close();
        return new Maximum(planes, indices, grid(values, x));
    }

    /**
     * {@return the gradient of the input}
     *
     * @param op the operation
     * @param x the grid {@code [B, G, h, w, C]}
     * @param maximum the result of the forward pass
     * @param ofResult the gradient of the result
     */
    public static Tensor gradient(Op.MaxPool op, Tensor x, Maximum maximum, Tensor ofResult) {
        Tensor ofPadded = torch.max_pool2d_with_indices_backward(
                planes(ofResult),
                maximum.padded(),
                NativeTensors.longs(op.kernel()),
                NativeTensors.longs(op.stride()),
                within(op),
                ONES.clone(),
                false,
                maximum.indices());
        Tensor ofPlanes = op.zeroPadded()
                ? ofPadded.narrow(2, op.padding().get(0), x.size(2))
                        .narrow(3, op.padding().get(1), x.size(3))
                : ofPadded;
        return grid(ofPlanes, x);
    }

    /** The padding that libtorch adds: none if zeros were written. */
    private static long[] within(Op.MaxPool op) {
        return op.zeroPadded() ? new long[2] : NativeTensors.longs(op.padding());
    }

    private static Tensor padded(Op.MaxPool op, Tensor planes) {
        if (!op.zeroPadded()) {
            return planes;
        }
        long height = op.padding().get(0);
        long width = op.padding().get(1);
        return torch.constant_pad_nd(planes, new long[] {width, width, height, height}, new Scalar(0.0));
    }

    /** {@code [B, G, h, w, C]} as {@code [B·G, C, h, w]}. */
    private static Tensor planes(Tensor x) {
        return x.reshape(x.size(0) * x.size(1), x.size(2), x.size(3), x.size(4)).permute(0, 3, 1, 2);
    }

    /** {@code [B·G, C, h, w]} as {@code [B, G, h, w, C]}. */
    private static Tensor grid(Tensor planes, Tensor like) {
        return planes.permute(0, 2, 3, 1)
                .contiguous()
                .view(like.size(0), like.size(1), planes.size(2), planes.size(3), planes.size(1));
    }
}
