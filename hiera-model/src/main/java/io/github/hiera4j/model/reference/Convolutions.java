package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Op.Convolution}, always computed with three axes: leading axes of size 1 are added if there are fewer. */
final class Convolutions {
    private Convolutions() {}

    static DoubleTensor convolve(Op.Convolution op, DoubleTensor x, DoubleTensor weight, DoubleTensor bias) {
        int axes = op.stride().size();
        Shape resultShape = op.infer(List.of(x.shape(), weight.shape(), bias.shape()));
        DoubleTensor result = DoubleTensor.zeros(resultShape);
        int[] in = padded(x.shape(), axes);
        int[] kernel = padded(weight.shape(), axes);
        int[] out = padded(resultShape, axes);
        int[] stride = padded(op.stride(), 1);
        int[] padding = padded(op.padding(), 0);
        int channelsIn = x.shape().size(1);
        int channelsOut = resultShape.size(1);
        int outputs = out[0] * out[1] * out[2];
        IntStream.range(0, result.values().length).parallel().forEach(i -> {
            int position = i % outputs;
            int channelOut = i / outputs % channelsOut;
            int sample = i / outputs / channelsOut;
            int[] at = {position / (out[1] * out[2]), position / out[2] % out[1], position % out[2]};
            double sum = bias.values()[channelOut];
            for (int channel = 0; channel < channelsIn; channel++) {
                int inputBase = (sample * channelsIn + channel) * in[0];
                int weightBase = (channelOut * channelsIn + channel) * kernel[0];
                for (int kt = 0; kt < kernel[0]; kt++) {
                    int t = at[0] * stride[0] - padding[0] + kt;
                    for (int ky = 0; ky < kernel[1] && t >= 0 && t < in[0]; ky++) {
                        int y = at[1] * stride[1] - padding[1] + ky;
                        for (int kx = 0; kx < kernel[2] && y >= 0 && y < in[1]; kx++) {
                            int xx = at[2] * stride[2] - padding[2] + kx;
                            if (xx >= 0 && xx < in[2]) {
                                double pixel = x.values()[((inputBase + t) * in[1] + y) * in[2] + xx];
                                sum += pixel * weight.values()[((weightBase + kt) * kernel[1] + ky) * kernel[2] + kx];
                            }
                        }
                    }
                }
            }
            result.values()[i] = sum;
        });
        return result;
    }

    /** Returns three spatial sizes of a shape. */
    private static int[] padded(Shape shape, int axes) {
        List<Integer> sizes = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            sizes.add(shape.size(axis + 2));
        }
        return padded(sizes, 1);
    }

    private static int[] padded(List<Integer> values, int filler) {
        List<Integer> three = new ArrayList<>(values);
        while (three.size() < 3) {
            three.add(0, filler);
        }
        return three.stream().mapToInt(Integer::intValue).toArray();
    }
}
