package io.github.hiera4j.model.graph;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.graph.ShapeRules.broadcast;
import static io.github.hiera4j.model.graph.ShapeRules.expect;
import static io.github.hiera4j.model.graph.ShapeRules.range;
import static io.github.hiera4j.model.graph.ShapeRules.without;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * The operations of the networks.
 *
 * <p>Each is a small record that defines its shape rule ({@link #infer}), its cost and the method of {@link Kernels} that
 * runs it; a new operation therefore breaks the build of every backend that does not implement it. Layouts are channel-last: tokens are
 * {@code [B, N, C]}.
 */
public sealed interface Op {
    /**
     * {@return the shape of the result; throws a {@code HieraException} that says what was expected if the inputs do not fit}
     *
     * @param inputs shapes of the inputs
     */
    Shape infer(List<Shape> inputs);

    /**
     * Runs this operation on a backend.
     *
     * @param <T> the backend's tensors
     * @param inputs the tensors it reads, in order
     * @param kernels the operations of a backend
     * @return the result, a new tensor or a view
     */
    <T> T run(Kernels<T> kernels, List<T> inputs);

    /**
     * {@return multiply–accumulate operations of matrix products and convolutions, per sample if the batch is symbolic}
     *
     * @param inputs shapes of the inputs
     * @param output shape of the result
     */
    default long multiplyAccumulates(List<Shape> inputs, Shape output) {
        return 0;
    }

    /** {@return the operation's readable name} */
    default String label() {
        return getClass().getSimpleName();
    }

    /** An input tensor from the caller: float for pixels and masks, {@code INT64} for indices. */
    record Input(Shape shape, DType dtype) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return shape;
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            throw new IllegalStateException("inputs are fed, not computed");
        }
    }

    /** A weight, named as in the official checkpoints. */
    record Parameter(Shape shape) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return shape;
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            throw new IllegalStateException("parameters are fed, not computed");
        }
    }

    /** A float tensor that is part of the architecture: an interpolation matrix. */
    record Constant(HostTensor value) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return value.shape();
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.constant(this);
        }
    }

    /** Cross-correlation in 1 to 3 axes: {@code x [B, C, …]}, {@code weight [K, C, …]}, {@code bias [K]} → {@code [B, K, …]}. */
    record Convolution(List<Integer> stride, List<Integer> padding) implements Op {
        /**
         * Copies the collections.
         *
         * @param stride step per spatial axis
         * @param padding zeros on both sides of each spatial axis
         */
        public Convolution {
            stride = List.copyOf(stride);
            padding = List.copyOf(padding);
        }

        @Override
        public Shape infer(List<Shape> inputs) {
            Shape x = inputs.get(0);
            Shape weight = inputs.get(1);
            int axes = stride.size();
            check(x.rank() == axes + 2, "expected an input of rank %d, got %s", axes + 2, x);
            check(weight.rank() == axes + 2, "expected a weight of rank %d, got %s", axes + 2, weight);
            check(weight.size(1) == x.size(1), "expected %d input channels, got %d", weight.size(1), x.size(1));
            expect("bias", Shape.of(weight.size(0)), inputs.get(2));
            Shape result = x.withSize(1, weight.size(0));
            for (int axis = 0; axis < axes; axis++) {
                int span = x.size(axis + 2) + 2 * padding.get(axis) - weight.size(axis + 2);
                check(span >= 0, "the kernel %s is larger than the padded input %s", weight, x);
                result = result.withSize(axis + 2, span / stride.get(axis) + 1);
            }
            return result;
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.convolution(this, inputs.get(0), inputs.get(1), inputs.get(2));
        }

        @Override
        public long multiplyAccumulates(List<Shape> inputs, Shape output) {
            Shape weight = inputs.get(1);
            return output.elements() * (weight.elements() / weight.size(0));
        }
    }

    /** {@code activation(x · weightᵀ + bias)} on the last axis: {@code x […, I]}, {@code weight [O, I]}, optional {@code bias [O]}. */
    record Linear(Activation activation) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape x = inputs.get(0);
            Shape weight = inputs.get(1);
            check(weight.rank() == 2, "expected a weight of rank 2, got %s", weight);
            check(x.size(-1) == weight.size(1), "expected %d input channels, got %s", weight.size(1), x);
            if (inputs.size() == 3) {
                expect("bias", Shape.of(weight.size(0)), inputs.get(2));
            }
            return x.withSize(-1, weight.size(0));
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.linear(this, inputs.get(0), inputs.get(1), inputs.size() == 3 ? inputs.get(2) : null);
        }

        @Override
        public long multiplyAccumulates(List<Shape> inputs, Shape output) {
            return output.elements() * inputs.get(1).size(1);
        }

        @Override
        public String label() {
            return activation == Activation.NONE ? "Linear" : "Linear+" + activation;
        }
    }

    /** Normalises the last axis to mean 0 and (population) variance 1, then scales by {@code weight} and adds {@code bias}. */
    record LayerNorm(double epsilon) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape channels = Shape.of(inputs.get(0).size(-1));
            expect("weight", channels, inputs.get(1));
            expect("bias", channels, inputs.get(2));
            return inputs.get(0);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.layerNorm(this, inputs.get(0), inputs.get(1), inputs.get(2));
        }
    }

    /** Normalises the last axis to mean 0 and <em>unbiased</em> variance 1: the pixel targets of the autoencoder. */
    record Standardize(double epsilon) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            check(inputs.get(0).size(-1) >= 2, "an unbiased variance needs at least 2 values, got %s", inputs.get(0));
            return inputs.get(0);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.standardize(this, inputs.get(0));
        }
    }

    /** Sum of two tensors of the same rank; axes of size 1 are repeated. */
    record Add() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return broadcast(inputs.get(0), inputs.get(1));
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.add(this, inputs.get(0), inputs.get(1));
        }
    }

    /** Product of two tensors of the same rank; axes of size 1 are repeated. */
    record Multiply() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return broadcast(inputs.get(0), inputs.get(1));
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.multiply(this, inputs.get(0), inputs.get(1));
        }
    }

    /** The same elements, row-major, in another shape; a symbolic batch stays the first axis. */
    record Reshape(Shape shape) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape x = inputs.get(0);
            check(
                    x.isSymbolic() == shape.isSymbolic() && x.elements() == shape.elements(),
                    "expected the same number of elements as %s, got %s",
                    shape,
                    x);
            return shape;
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.reshape(this, inputs.get(0));
        }
    }

    /** Reorders axes: axis {@code i} of the result is axis {@code order[i]} of the input. */
    record Permute(List<Integer> order) implements Op {
        /**
         * Copies the collections.
         *
         * @param order axis of the input at each position of the result
         */
        public Permute {
            order = List.copyOf(order);
        }

        @Override
        public Shape infer(List<Shape> inputs) {
            Shape x = inputs.get(0);
            check(
                    order.stream().sorted().toList().equals(range(x.rank())),
                    "expected an order of the axes of %s, got %s",
                    x,
                    order);
            check(!x.isSymbolic() || order.get(0) == 0, "the batch must stay the first axis, got the order %s", order);
            return Shape.of(order.stream().mapToInt(x::size).toArray());
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.permute(this, inputs.get(0));
        }
    }

    /** {@code length} entries of one axis, starting at {@code start}. */
    record Slice(int axis, int start, int length) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape x = inputs.get(0);
            check(axis > 0 && axis < x.rank(), "expected an axis from 1 to %d, got %d", x.rank() - 1, axis);
            check(
                    start >= 0 && length >= 1 && start + length <= x.size(axis),
                    "expected a range within axis %d of %s, got %d to %d",
                    axis,
                    x,
                    start,
                    start + length);
            return x.withSize(axis, length);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.slice(this, inputs.get(0));
        }
    }

    /** Tensors joined along one axis; an input whose first axis has size 1 is repeated over the batch. */
    record Concat(int axis) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            // An input may be a single sample, such as a class token.
            Shape first = inputs.stream()
                    .filter(input -> input.size(0) != 1)
                    .findFirst()
                    .orElse(inputs.get(0));
            check(axis > 0 && axis < first.rank(), "expected an axis from 1 to %d, got %d", first.rank() - 1, axis);
            int joined = 0;
            for (Shape input : inputs) {
                Shape comparable = input.size(0) == 1 ? input.withSize(0, first.size(0)) : input;
                expect("input", first.withSize(axis, comparable.size(axis)), comparable);
                joined += input.size(axis);
            }
            return first.withSize(axis, joined);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.concat(this, inputs);
        }
    }

    /** The largest element along one axis, which disappears: pooling, once tokens are unrolled. */
    record Max(int axis) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return without(inputs.get(0), axis);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.max(this, inputs.get(0));
        }
    }

    /** The mean along one axis, which disappears. */
    record Mean(int axis) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return without(inputs.get(0), axis);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.mean(this, inputs.get(0));
        }
    }

    /**
     * Multi-head attention inside windows of unrolled tokens (paper §3.1, "mask unit attention"; one window is global).
     *
     * <p>{@code qkv [B, N, 3·C]} is viewed as {@code [B, perWindow, windows, 3, heads, headDim]}: the window is the faster
     * token axis. Queries are the maximum over {@code queryPool} groups of the leading axis,
     * {@code [queryPool, perWindow / queryPool]}; keys and values are not pooled. Each head computes
     * softmax(q·kᵀ / √headDim)·v. The result {@code [B, N / queryPool, C]} keeps the window as the faster token axis.
     */
    record Attention(int heads, int windows, int queryPool) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape qkv = inputs.get(0);
            check(qkv.rank() == 3, "expected queries, keys and values [B, N, 3·C], got %s", qkv);
            check(qkv.size(2) % (3 * heads) == 0, "expected channels divisible by 3 × %d heads, got %s", heads, qkv);
            check(
                    qkv.size(1) % (windows * queryPool) == 0,
                    "expected tokens divisible by %d windows × a query pooling of %d, got %s",
                    windows,
                    queryPool,
                    qkv);
            return qkv.withSize(1, qkv.size(1) / queryPool).withSize(2, qkv.size(2) / 3);
        }

        /**
         * {@return the number of channels of one head}
         *
         * @param qkv the shape of the joined queries, keys and values, {@code [B, N, 3·C]}
         */
        public int headDim(Shape qkv) {
            return qkv.size(2) / 3 / heads;
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.attention(this, inputs.get(0));
        }

        @Override
        public long multiplyAccumulates(List<Shape> inputs, Shape output) {
            long keysPerWindow = inputs.get(0).size(1) / windows;
            return 2 * output.elements() * keysPerWindow;
        }
    }

    /**
     * Multi-head attention of queries over keys and values that were pooled separately: {@code q [B, Nq, heads·e]},
     * {@code k [B, Nk, heads·e]}, {@code v [B, Nk, heads·d]} → {@code [B, Nq, heads·d]}. Each head computes
     * softmax(q·kᵀ / √(e − positions))·v.
     *
     * @param positions channels at the end of each head of {@code q} and {@code k} whose product is a relative-position term: they
     *     count neither for the scale nor as multiplications of the attention
     */
    record PooledAttention(int heads, int positions) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape q = inputs.get(0);
            Shape k = inputs.get(1);
            Shape v = inputs.get(2);
            check(
                    q.rank() == 3 && k.rank() == 3 && v.rank() == 3,
                    "expected queries, keys and values [B, N, C], got %s, %s, %s",
                    q,
                    k,
                    v);
            check(q.size(0) == k.size(0) && k.size(0) == v.size(0), "expected one batch size, got %s, %s, %s", q, k, v);
            check(q.size(2) == k.size(2), "expected queries and keys of the same width, got %s and %s", q, k);
            check(k.size(1) == v.size(1), "expected the same number of keys and values, got %s and %s", k, v);
            check(
                    q.size(2) % heads == 0 && v.size(2) % heads == 0 && q.size(2) / heads > positions,
                    "expected channels divisible by %d heads with more than %d each, got %s and %s",
                    heads,
                    positions,
                    q,
                    v);
            return q.withSize(2, v.size(2));
        }

        /**
         * {@return the factor that scores are multiplied by}
         *
         * @param q the shape of the queries
         */
        public double scale(Shape q) {
            return 1 / Math.sqrt((double) (q.size(2) / heads - positions));
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.pooledAttention(this, inputs.get(0), inputs.get(1), inputs.get(2));
        }

        @Override
        public long multiplyAccumulates(List<Shape> inputs, Shape output) {
            Shape q = inputs.get(0);
            long pairs = (long) q.size(1) * inputs.get(1).size(1);
            return pairs * (q.size(2) - (long) heads * positions + output.size(2));
        }
    }

    /**
     * Cross-correlation of each channel with its own kernel, without bias, separately in every group of a grid:
     * {@code x [B, G, h, w, C]}, {@code weight [C, 1, kernelH, kernelW]} → {@code [B, G, h', w', C]}. Padding is with zeros.
     *
     * @param depth size of the kernel along an axis of length 1 before {@code h}; all but the middle element read only padding and are
     *     omitted from the weight, but count as multiplications, as in the counts of others
     */
    record DepthwiseConvolution(List<Integer> stride, List<Integer> padding, int depth) implements Op {
        /**
         * Checks the settings.
         *
         * @param stride step per axis
         * @param padding padding on both sides of each axis
         * @param depth size of the kernel along an axis of length 1 before the height
         */
        public DepthwiseConvolution {
            stride = List.copyOf(stride);
            padding = List.copyOf(padding);
        }

        @Override
        public Shape infer(List<Shape> inputs) {
            Shape weight = inputs.get(1);
            check(
                    weight.rank() == 4 && weight.size(1) == 1,
                    "expected a weight [C, 1, kernelH, kernelW], got %s",
                    weight);
            Shape x = inputs.get(0);
            check(x.rank() == 5, "expected a grid [B, G, h, w, C], got %s", x);
            check(x.size(4) == weight.size(0), "expected %d channels, got %s", weight.size(0), x);
            return ShapeRules.slidingWindowShape(x, List.of(weight.size(2), weight.size(3)), stride, padding);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.depthwiseConvolution(this, inputs.get(0), inputs.get(1));
        }

        @Override
        public long multiplyAccumulates(List<Shape> inputs, Shape output) {
            Shape weight = inputs.get(1);
            return output.elements() * weight.size(2) * weight.size(3) * depth;
        }
    }

    /**
     * The largest value in windows that may overlap, separately in every group of a grid: {@code x [B, G, h, w, C]} →
     * {@code [B, G, h', w', C]}.
     *
     * @param zeroPadded whether the padding consists of zeros, which may be the largest value; otherwise it is never chosen
     */
    record MaxPool(List<Integer> kernel, List<Integer> stride, List<Integer> padding, boolean zeroPadded)
            implements Op {
        /**
         * Checks the settings.
         *
         * @param kernel size of a window per axis
         * @param stride step per axis
         * @param padding padding on both sides of each axis
         * @param zeroPadded whether max-pooling reads zeros in its padding
         */
        public MaxPool {
            kernel = List.copyOf(kernel);
            stride = List.copyOf(stride);
            padding = List.copyOf(padding);
            for (int axis = 0; axis < kernel.size(); axis++) {
                check(
                        padding.get(axis) < kernel.get(axis),
                        "expected a padding smaller than the kernel %s, got %s",
                        kernel,
                        padding);
            }
        }

        @Override
        public Shape infer(List<Shape> inputs) {
            Shape x = inputs.get(0);
            check(x.rank() == 5, "expected a grid [B, G, h, w, C], got %s", x);
            return ShapeRules.slidingWindowShape(x, kernel, stride, padding);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.maxPool(this, inputs.get(0));
        }
    }

    /** Selects tokens of each sample: {@code x [B, N, C]}, {@code index [B, M]} → {@code [B, M, C]}. Indices may repeat. */
    record GatherTokens() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape x = inputs.get(0);
            Shape index = inputs.get(1);
            check(
                    x.rank() == 3 && index.rank() == 2,
                    "expected tokens [B, N, C] and an index [B, M], got %s, %s",
                    x,
                    index);
            check(x.size(0) == index.size(0), "expected one row of indices per sample, got %s and %s", x, index);
            return x.withSize(1, index.size(1));
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.gatherTokens(this, inputs.get(0), inputs.get(1));
        }
    }

    /** exp(x) / Σ exp(x) over the last axis. */
    record Softmax() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.softmax(this, inputs.get(0));
        }
    }

    /** A function applied to each element. */
    record Elementwise(Function function) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.elementwise(this, inputs.get(0));
        }

        @Override
        public String label() {
            return function.name();
        }
    }

    /**
     * Matrix products of two computed tensors: {@code left […, M, K]}, {@code right […, K, N]} → {@code […, M, N]}. The leading
     * axes must be equal, but the first one may be 1 in either and is then repeated.
     */
    record MatrixProduct() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            Shape left = inputs.get(0);
            Shape right = inputs.get(1);
            int rank = left.rank();
            check(rank >= 3 && right.rank() == rank, "expected two batches of matrices, got %s and %s", left, right);
            check(
                    left.size(-1) == right.size(-2),
                    "expected the number of rows on the right to equal the columns on the left, got %s and %s",
                    left,
                    right);
            for (int axis = 1; axis < rank - 2; axis++) {
                check(left.size(axis) == right.size(axis), "expected equal leading axes, got %s and %s", left, right);
            }
            boolean agree = left.size(0) == right.size(0) || left.size(0) == 1 || right.size(0) == 1;
            check(agree, "expected the same batch size, or 1, got %s and %s", left, right);
            return left.withSize(0, left.size(0) == 1 ? right.size(0) : left.size(0))
                    .withSize(-1, right.size(-1));
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.matrixProduct(this, inputs.get(0), inputs.get(1));
        }

        @Override
        public long multiplyAccumulates(List<Shape> inputs, Shape output) {
            return output.elements() * inputs.get(0).size(-1);
        }
    }

    /**
     * RoIAlign over the levels of a pyramid: maps {@code [B, h, w, C]}, finest first, then boxes {@code [R, 6]} with the columns
     * sample, level (index of a map), x1, y1, x2, y2 in pixels → {@code [R, height, width, C]}. Boxes have no gradient.
     *
     * @param height bins along a box's height
     * @param width bins along its width
     * @param scales features per pixel, per level: 1 / stride
     * @param samplingRatio samples per bin and axis; 0 chooses {@code ceil(box / bins)}
     * @param aligned shifts by half a feature (Detectron2); otherwise boxes are at least one feature long (torchvision)
     */
    record RoiAlign(int height, int width, List<Double> scales, int samplingRatio, boolean aligned) implements Op {
        /**
         * Checks the values and copies the collections.
         *
         * @param height bins along a box's height
         * @param width bins along its width
         * @param scales features per pixel, per level: 1 / stride
         * @param samplingRatio samples per bin and axis; 0 chooses {@code ceil(box / bins)}
         * @param aligned shifts by half a feature (Detectron2); otherwise boxes are at least one feature long (torchvision)
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public RoiAlign {
            scales = List.copyOf(scales);
            check(height >= 1 && width >= 1, "expected at least one bin along each axis, got %d × %d", height, width);
            check(samplingRatio >= 0, "expected a sampling ratio of 0 (adaptive) or more, got %d", samplingRatio);
        }

        @Override
        public Shape infer(List<Shape> inputs) {
            check(
                    inputs.size() == scales.size() + 1,
                    "expected %d maps and boxes, got %d tensors",
                    scales.size(),
                    inputs.size());
            Shape first = inputs.get(0);
            Shape boxes = inputs.get(scales.size());
            for (Shape map : inputs.subList(0, scales.size())) {
                check(map.rank() == 4, "expected maps [B, h, w, C], got %s", map);
                check(
                        map.size(0) == first.size(0) && map.size(3) == first.size(3),
                        "expected maps of one batch size and width, got %s and %s",
                        first,
                        map);
            }
            check(
                    boxes.rank() == 2 && boxes.size(1) == RoiPlan.COLUMNS,
                    "expected boxes [R, %d], got %s",
                    RoiPlan.COLUMNS,
                    boxes);
            return Shape.of(boxes.size(0), height, width, first.size(3));
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.roiAlign(this, inputs.subList(0, scales.size()), inputs.get(scales.size()));
        }

        /** Counts two points per axis and sample, and one sample if the ratio depends on the box. */
        @Override
        public long multiplyAccumulates(List<Shape> inputs, Shape output) {
            long samples = (long) Math.max(1, samplingRatio) * Math.max(1, samplingRatio);
            return output.elements() * 4 * samples;
        }
    }

    /** Training only: with probability {@code rate} a sample's whole branch becomes 0; the rest is scaled by 1 / (1 - rate). */
    record DropPath(double rate) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.dropPath(this, inputs.get(0));
        }
    }

    /** Training only: with probability {@code rate} an element becomes 0; the rest is scaled by 1 / (1 - rate). */
    record Dropout(double rate) implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.dropout(this, inputs.get(0));
        }
    }

    /** The mean of the squared differences of all elements: {@code prediction}, {@code target} → {@code [1]}. */
    record MeanSquaredError() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            expect("target", inputs.get(0), inputs.get(1));
            return Shape.of(1);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.meanSquaredError(this, inputs.get(0), inputs.get(1));
        }
    }

    /**
     * The weighted sum of smooth L1 distances: {@code prediction}, {@code target} and {@code weight} of one shape → {@code [1]}.
     * Only the prediction has a gradient.
     *
     * @param beta the error at which the quadratic part ends; 0 is the L1 distance
     */
    record SmoothL1(double beta) implements Op {
        /**
         * Checks the values.
         *
         * @param beta the error at which the quadratic part ends; 0 is the L1 distance
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public SmoothL1 {
            check(beta >= 0, "the beta of smooth L1 must be 0 or more, got %s", beta);
        }

        @Override
        public Shape infer(List<Shape> inputs) {
            expect("target", inputs.get(0), inputs.get(1));
            expect("weight", inputs.get(0), inputs.get(2));
            return Shape.of(1);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.smoothL1(this, inputs.get(0), inputs.get(1), inputs.get(2));
        }
    }

    /**
     * The weighted sum of binary cross-entropies: {@code logits}, {@code target} (0 to 1) and {@code weight} of one shape →
     * {@code [1]}. Only the logits have a gradient.
     */
    record BinaryCrossEntropy() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            expect("target", inputs.get(0), inputs.get(1));
            expect("weight", inputs.get(0), inputs.get(2));
            return Shape.of(1);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.binaryCrossEntropy(this, inputs.get(0), inputs.get(1), inputs.get(2));
        }
    }

    /**
     * -Σ target · log softmax(logits), the softmax over the last axis, the sum over all but the first, averaged over the batch:
     * {@code logits [B, …, K]}, {@code target [B, …, K]} → {@code [1]}.
     */
    record CrossEntropy() implements Op {
        @Override
        public Shape infer(List<Shape> inputs) {
            expect("target", inputs.get(0), inputs.get(1));
            return Shape.of(1);
        }

        @Override
        public <T> T run(Kernels<T> kernels, List<T> inputs) {
            return kernels.crossEntropy(this, inputs.get(0), inputs.get(1));
        }
    }
}
