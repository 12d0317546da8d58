package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Op.DepthwiseConvolution} and {@link Op.MaxPool}: windows over the middle axes of {@code [B, G, h, w, C]}. */
final class SlidingWindows {
    private final DoubleTensor x;
    private final Shape result;
    private final List<Integer> kernel;
    private final List<Integer> stride;
    private final List<Integer> padding;

    private SlidingWindows(
            DoubleTensor x, Shape result, List<Integer> kernel, List<Integer> stride, List<Integer> padding) {
        this.x = x;
        this.result = result;
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
    }

    static DoubleTensor convolve(Op.DepthwiseConvolution op, DoubleTensor x, DoubleTensor weight) {
        List<Integer> kernel = List.of(weight.shape().size(2), weight.shape().size(3));
        int taps = kernel.get(0) * kernel.get(1);
        Shape result = op.infer(List.of(x.shape(), weight.shape()));
        return new SlidingWindows(x, result, kernel, op.stride(), op.padding())
                .fold(0, (sum, value, channel, tap) -> sum + value * weight.values()[channel * taps + tap]);
    }

    static DoubleTensor largest(Op.MaxPool op, DoubleTensor x) {
        Shape result = op.infer(List.of(x.shape()));
        return new SlidingWindows(x, result, op.kernel(), op.stride(), op.padding())
                .fold(
                        Double.NEGATIVE_INFINITY,
                        (largest, value, channel, tap) -> Math.max(largest, value),
                        op.zeroPadded());
    }

    /** Combines the next value of a window with the result so far. */
    private interface Step {
        double next(double before, double value, int channel, int tap);
    }

    private DoubleTensor fold(double start, Step step) {
        return fold(start, step, false);
    }

    private DoubleTensor fold(double start, Step step, boolean readsPadding) {
        DoubleTensor folded = DoubleTensor.zeros(result);
        int channels = result.size(4);
        int height = x.shape().size(2);
        int width = x.shape().size(3);
        IntStream.range(0, folded.values().length).parallel().forEach(i -> {
            int channel = i % channels;
            int column = i / channels % result.size(3);
            int row = i / channels / result.size(3) % result.size(2);
            int group = i / channels / result.size(3) / result.size(2);
            double value = start;
            for (int tapY = 0; tapY < kernel.get(0); tapY++) {
                for (int tapX = 0; tapX < kernel.get(1); tapX++) {
                    int y = row * stride.get(0) - padding.get(0) + tapY;
                    int xx = column * stride.get(1) - padding.get(1) + tapX;
                    boolean inside = y >= 0 && y < height && xx >= 0 && xx < width;
                    if (inside || readsPadding) {
                        double read = inside ? x.values()[((group * height + y) * width + xx) * channels + channel] : 0;
                        value = step.next(value, read, channel, tapY * kernel.get(1) + tapX);
                    }
                }
            }
            folded.values()[i] = value;
        });
        return folded;
    }
}
