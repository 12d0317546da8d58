package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Computes every operation as its record in {@link Op} defines it, in plain loops. Inference only. */
final class ReferenceKernels implements Kernels<DoubleTensor> {

    @Override
    public DoubleTensor constant(Op.Constant op) {
        return DoubleTensor.of(op.value());
    }

    @Override
    public DoubleTensor convolution(Op.Convolution op, DoubleTensor x, DoubleTensor weight, DoubleTensor bias) {
        return Convolutions.convolve(op, x, weight, bias);
    }

    @Override
    public DoubleTensor linear(Op.Linear op, DoubleTensor x, DoubleTensor weight, @Nullable DoubleTensor bias) {
        int inputs = weight.shape().size(1);
        int outputs = weight.shape().size(0);
        int rows = x.values().length / inputs;
        DoubleTensor result = DoubleTensor.zeros(x.shape().withSize(-1, outputs));
        IntStream.range(0, rows).parallel().forEach(row -> {
            for (int output = 0; output < outputs; output++) {
                double sum = bias == null ? 0 : bias.values()[output];
                for (int input = 0; input < inputs; input++) {
                    sum += x.values()[row * inputs + input] * weight.values()[output * inputs + input];
                }
                result.values()[row * outputs + output] = op.activation() == Activation.GELU ? Erf.gelu(sum) : sum;
            }
        });
        return result;
    }

    @Override
    public DoubleTensor layerNorm(Op.LayerNorm op, DoubleTensor x, DoubleTensor weight, DoubleTensor bias) {
        DoubleTensor result = normalize(x, 0, op.epsilon());
        int channels = x.shape().size(-1);
        for (int i = 0; i < result.values().length; i++) {
            result.values()[i] = result.values()[i] * weight.values()[i % channels] + bias.values()[i % channels];
        }
        return result;
    }

    @Override
    public DoubleTensor standardize(Op.Standardize op, DoubleTensor x) {
        return normalize(x, 1, op.epsilon());
    }

    /** (x - mean) / √(variance + ε) over the last axis; the variance divides by the count less {@code correction}. */
    private static DoubleTensor normalize(DoubleTensor x, int correction, double epsilon) {
        int channels = x.shape().size(-1);
        DoubleTensor result = DoubleTensor.zeros(x.shape());
        for (int start = 0; start < x.values().length; start += channels) {
            double mean = 0;
            for (int i = start; i < start + channels; i++) {
                mean += x.values()[i] / channels;
            }
            double squares = 0;
            for (int i = start; i < start + channels; i++) {
                squares += (x.values()[i] - mean) * (x.values()[i] - mean);
            }
            double scale = 1 / Math.sqrt(squares / (channels - correction) + epsilon);
            for (int i = start; i < start + channels; i++) {
                result.values()[i] = (x.values()[i] - mean) * scale;
            }
        }
        return result;
    }

    @Override
    public DoubleTensor add(Op.Add op, DoubleTensor left, DoubleTensor right) {
        return left.combine(right, Double::sum);
    }

    @Override
    public DoubleTensor multiply(Op.Multiply op, DoubleTensor left, DoubleTensor right) {
        return left.combine(right, (a, b) -> a * b);
    }

    @Override
    public DoubleTensor reshape(Op.Reshape op, DoubleTensor x) {
        int batch = op.shape().isSymbolic() ? x.shape().size(0) : 0;
        return new DoubleTensor(op.shape().withBatch(batch), x.values());
    }

    @Override
    public DoubleTensor permute(Op.Permute op, DoubleTensor x) {
        int rank = x.shape().rank();
        DoubleTensor result = DoubleTensor.zeros(
                Shape.of(op.order().stream().mapToInt(x.shape()::size).toArray()));
        int[] strides = op.order().stream().mapToInt(x::stride).toArray();
        int[] sizes = result.shape().sizes();
        int[] position = new int[rank];
        int source = 0;
        for (int i = 0; i < result.values().length; i++) {
            result.values()[i] = x.values()[source];
            for (int axis = rank - 1; axis >= 0; axis--) { // count up, as an odometer does
                source += strides[axis];
                if (++position[axis] < sizes[axis]) {
                    break;
                }
                source -= strides[axis] * sizes[axis];
                position[axis] = 0;
            }
        }
        return result;
    }

    @Override
    public DoubleTensor slice(Op.Slice op, DoubleTensor x) {
        int inner = x.stride(op.axis());
        int size = x.shape().size(op.axis());
        DoubleTensor result = DoubleTensor.zeros(x.shape().withSize(op.axis(), op.length()));
        int chunk = op.length() * inner;
        for (int outer = 0; outer * chunk < result.values().length; outer++) {
            System.arraycopy(x.values(), (outer * size + op.start()) * inner, result.values(), outer * chunk, chunk);
        }
        return result;
    }

    @Override
    public DoubleTensor concat(Op.Concat op, List<DoubleTensor> inputs) {
        int batch =
                inputs.stream().mapToInt(input -> input.shape().size(0)).max().orElseThrow();
        int joined =
                inputs.stream().mapToInt(input -> input.shape().size(op.axis())).sum();
        Shape shape = inputs.get(0).shape().withSize(op.axis(), joined).withSize(0, batch);
        DoubleTensor result = DoubleTensor.zeros(shape);
        int outerCount = 1;
        for (int axis = 0; axis < op.axis(); axis++) {
            outerCount *= shape.size(axis);
        }
        int next = 0;
        for (int outer = 0; outer < outerCount; outer++) {
            for (DoubleTensor input : inputs) {
                int chunk = input.shape().size(op.axis()) * input.stride(op.axis());
                int source = outer * chunk % input.values().length; // a single sample repeats over the batch
                System.arraycopy(input.values(), source, result.values(), next, chunk);
                next += chunk;
            }
        }
        return result;
    }

    @Override
    public DoubleTensor max(Op.Max op, DoubleTensor x) {
        return reduce(op.axis(), x, Double.NEGATIVE_INFINITY, Math::max);
    }

    @Override
    public DoubleTensor mean(Op.Mean op, DoubleTensor x) {
        DoubleTensor sum = reduce(op.axis(), x, 0, Double::sum);
        Arrays.setAll(sum.values(), i -> sum.values()[i] / x.shape().size(op.axis()));
        return sum;
    }

    private static DoubleTensor reduce(int axis, DoubleTensor x, double start, DoubleBinaryOperator combine) {
        int inner = x.stride(axis);
        int size = x.shape().size(axis);
        int[] sizes = IntStream.range(0, x.shape().rank())
                .filter(i -> i != axis)
                .map(x.shape()::size)
                .toArray();
        DoubleTensor result = DoubleTensor.zeros(Shape.of(sizes));
        Arrays.fill(result.values(), start);
        for (int i = 0; i < x.values().length; i++) {
            int target = i / (inner * size) * inner + i % inner;
            result.values()[target] = combine.applyAsDouble(result.values()[target], x.values()[i]);
        }
        return result;
    }

    @Override
    public DoubleTensor attention(Op.Attention op, DoubleTensor qkv) {
        return WindowAttention.attend(op, qkv);
    }

    @Override
    public DoubleTensor pooledAttention(Op.PooledAttention op, DoubleTensor q, DoubleTensor k, DoubleTensor v) {
        return PooledAttention.attend(op, q, k, v);
    }

    @Override
    public DoubleTensor depthwiseConvolution(Op.DepthwiseConvolution op, DoubleTensor x, DoubleTensor weight) {
        return SlidingWindows.convolve(op, x, weight);
    }

    @Override
    public DoubleTensor maxPool(Op.MaxPool op, DoubleTensor x) {
        return SlidingWindows.largest(op, x);
    }

    @Override
    public DoubleTensor gatherTokens(Op.GatherTokens op, DoubleTensor x, DoubleTensor index) {
        int channels = x.shape().size(2);
        int tokens = x.shape().size(1);
        int picked = index.shape().size(1);
        DoubleTensor result = DoubleTensor.zeros(x.shape().withSize(1, picked));
        for (int row = 0; row < index.values().length; row++) {
            int source = row / picked * tokens + (int) index.values()[row];
            System.arraycopy(x.values(), source * channels, result.values(), row * channels, channels);
        }
        return result;
    }

    @Override
    public DoubleTensor softmax(Op.Softmax op, DoubleTensor x) {
        int channels = x.shape().size(-1);
        DoubleTensor result = new DoubleTensor(x.shape(), x.values().clone());
        for (int start = 0; start < x.values().length; start += channels) {
            WindowAttention.softmax(result.values(), start, channels);
        }
        return result;
    }

    @Override
    public DoubleTensor elementwise(Op.Elementwise op, DoubleTensor x) {
        DoubleUnaryOperator function = switch (op.function()) {
            case GELU -> Erf::gelu;
            case RELU -> value -> Math.max(value, 0);
            case SIGMOID -> value -> 1 / (1 + Math.exp(-value));
            case SINE -> Math::sin;
            case COSINE -> Math::cos;
            case INVERSE_SQUARE_ROOT -> value -> 1 / Math.sqrt(value);
        };
        return new DoubleTensor(
                x.shape(), Arrays.stream(x.values()).parallel().map(function).toArray());
    }

    @Override
    public DoubleTensor matrixProduct(Op.MatrixProduct op, DoubleTensor left, DoubleTensor right) {
        return MatrixProducts.multiply(op, left, right);
    }

    @Override
    public DoubleTensor roiAlign(Op.RoiAlign op, List<DoubleTensor> maps, DoubleTensor boxes) {
        return RoiPooling.pool(op, maps, boxes);
    }

    @Override
    public DoubleTensor dropPath(Op.DropPath op, DoubleTensor x) {
        throw new UnsupportedOperationException("the reference backend runs inference graphs only");
    }

    @Override
    public DoubleTensor dropout(Op.Dropout op, DoubleTensor x) {
        throw new UnsupportedOperationException("the reference backend runs inference graphs only");
    }

    @Override
    public DoubleTensor meanSquaredError(Op.MeanSquaredError op, DoubleTensor prediction, DoubleTensor target) {
        return Losses.meanSquaredError(prediction, target);
    }

    @Override
    public DoubleTensor smoothL1(Op.SmoothL1 op, DoubleTensor prediction, DoubleTensor target, DoubleTensor weight) {
        return Losses.smoothL1(op, prediction, target, weight);
    }

    @Override
    public DoubleTensor binaryCrossEntropy(
            Op.BinaryCrossEntropy op, DoubleTensor logits, DoubleTensor target, DoubleTensor weight) {
        return Losses.binaryCrossEntropy(logits, target, weight);
    }

    @Override
    public DoubleTensor crossEntropy(Op.CrossEntropy op, DoubleTensor logits, DoubleTensor target) {
        return Losses.crossEntropy(softmax(new Op.Softmax(), logits), target);
    }
}
