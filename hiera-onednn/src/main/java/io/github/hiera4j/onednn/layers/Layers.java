package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.PostOps;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.jspecify.annotations.Nullable;

/** Adds the primitives of single layers to a plan; every layer reads views and returns a view. */
public final class Layers {
    private final PlanBuilder builder;
    private final Weights weights;

    Layers(PlanBuilder builder, Weights weights) {
        this.builder = builder;
        this.weights = weights;
    }

    /**
     * What a linear layer computes on its product.
     *
     * @param activation applied first
     * @param layerScale a factor per channel, or null
     * @param skip added last, or null
     * @param inPlace whether the result may overwrite the skip
     */
    record Epilogue(
            Activation activation,
            @Nullable View layerScale,
            @Nullable View skip,
            boolean inPlace) {

        /** Returns whether the layer may write its result over the skip. */
        boolean mayOverwriteSkip(LinearForm form) {
            boolean addsFirst = activation == Activation.NONE && layerScale == null;
            return inPlace && (addsFirst || form.addsLast());
        }
    }

    /** {@code epilogue(x · weightᵀ + bias)}. */
    View linear(View x, Node weight, @Nullable View bias, Epilogue epilogue, DType compute, DType result) {
        LinearForm form = LinearForm.of(compute);
        View source = cast(dense(x), compute).rows();
        long outputs = weight.shape().size(0);
        long inputs = weight.shape().size(1);
        View skip = epilogue.skip() == null ? null : dense(epilogue.skip());
        boolean inPlace = skip != null && epilogue.mayOverwriteSkip(form) && skip.type() == result;
        View destination = skip != null && inPlace ? skip : builder.allocate(result, withLast(x.sizes(), outputs));

        PlanBuilder.Arguments arguments = builder.arguments();
        PostOps postOps = new PostOps();
        if (epilogue.activation() == Activation.GELU) {
            postOps.gelu();
        }
        if (epilogue.layerScale() != null) {
            append(postOps, arguments, false, form.perOutput(epilogue.layerScale()));
        }
        if (inPlace) {
            postOps.addToDestination();
        } else if (skip != null) {
            append(postOps, arguments, true, form.rows(skip.rows()));
        }
        View rows = form.rows(destination.rows());
        View operand = form.rows(source);
        MemoryFormat sourceFormat = builder.keep(operand.format());
        MemoryFormat destinationFormat = builder.keep(rows.format());
        View offset = bias == null ? null : form.bias(bias);
        long[] weightSizes = form.weightSizes(inputs, outputs);
        Primitive primitive;
        try (MemoryFormat any = Dnnl.any(compute, weightSizes)) {
            MemoryFormat biasFormat = offset == null ? null : builder.keep(offset.format());
            primitive = builder.keep(form.primitive(sourceFormat, any, biasFormat, destinationFormat, postOps));
        }
        Weights.Packed packed =
                weights.matrix(weight, primitive.copyOfWeights(), weightSizes, form.weightStrides(inputs));
        arguments
                .with(dnnl.DNNL_ARG_SRC, operand, sourceFormat)
                .with(dnnl.DNNL_ARG_WEIGHTS, packed.format(), packed.buffer())
                .with(dnnl.DNNL_ARG_DST, rows, destinationFormat);
        if (offset != null) {
            arguments.with(dnnl.DNNL_ARG_BIAS, offset);
        }
        String kind = epilogue.activation() == Activation.NONE ? "Linear" : "Linear+" + epilogue.activation();
        builder.add(skip == null ? kind : kind + "+Add", primitive, arguments, source.elements() * outputs);
        return destination;
    }

    void append(PostOps postOps, PlanBuilder.Arguments arguments, boolean add, View operand) {
        MemoryFormat format = builder.keep(operand.format());
        postOps.binary(add, format);
        arguments.with(postOps.argument(), operand, format);
    }

    /** Normalises rows, then scales and shifts; statistics are always in float32. */
    View layerNorm(View x, View scale, View shift, double epsilon, DType result) {
        View source = dense(x);
        View destination = builder.allocate(result, source.sizes());
        MemoryFormat from = builder.keep(source.rows().format());
        MemoryFormat to = builder.keep(destination.rows().format());
        Primitive primitive = builder.keep(Dnnl.layerNorm(from, to, epsilon));
        PlanBuilder.Arguments arguments = builder.arguments()
                .with(dnnl.DNNL_ARG_SRC, source, from)
                .with(dnnl.DNNL_ARG_DST, destination, to)
                .with(dnnl.DNNL_ARG_SCALE, scale)
                .with(dnnl.DNNL_ARG_SHIFT, shift);
        builder.add("LayerNorm", primitive, arguments, 0);
        return destination;
    }

    /** A LayerNorm whose variance divides by n - 1: variance · n/(n-1) + ε = (variance + ε·(n-1)/n) · n/(n-1). */
    View standardize(View x, double epsilon) {
        int count = (int) x.size(-1);
        double correction = (count - 1.0) / count;
        View scale = builder.constant(count, (float) Math.sqrt(correction));
        View shift = builder.constant(count, 0);
        return layerNorm(x, scale, shift, epsilon * correction, DType.FLOAT32);
    }

    /** Joins tensors along an axis; a tensor of batch 1 is repeated. The element type is that of the first. */
    View concat(int axis, List<View> inputs, long[] resultSizes) {
        View result = builder.allocate(inputs.get(0).type(), resultSizes);
        long start = 0;
        for (View input : inputs) {
            View part = cast(input, result.type());
            View repeated = part.size(0) == result.size(0) ? part : part.repeated(0, result.size(0));
            copy(repeated, result.sliced(axis, start, part.size(axis)));
            start += part.size(axis);
        }
        return result;
    }

    /** Maximum or mean over axis 1: {@code [B, q, …, C]} to {@code [B, …, C]}. */
    View pool(boolean maximum, View x, long[] resultSizes) {
        View source = dense(x);
        long batch = source.size(0);
        long groups = source.size(1);
        long channels = source.size(-1);
        long positions = source.elements() / (batch * groups * channels);
        View destination = builder.allocate(source.type(), resultSizes);
        View in =
                requireView(source.reshaped(batch, groups, positions, channels)).permuted(0, 3, 1, 2);
        View out =
                requireView(destination.reshaped(batch, 1, positions, channels)).permuted(0, 3, 1, 2);
        MemoryFormat from = builder.keep(in.format());
        MemoryFormat to = builder.keep(out.format());
        Primitive primitive = builder.keep(Dnnl.pooling(maximum, from, to, new long[] {groups, 1}));
        builder.add(
                maximum ? "Max" : "Mean",
                primitive,
                builder.arguments().with(dnnl.DNNL_ARG_SRC, in, from).with(dnnl.DNNL_ARG_DST, out, to),
                0);
        return destination;
    }

    /** Softmax over the last axis; source and destination may be the same view. */
    void softmax(View source, View destination) {
        MemoryFormat from = builder.keep(source.format());
        MemoryFormat to = builder.keep(destination.format());
        Primitive primitive = builder.keep(Dnnl.softmax(from, to, source.rank() - 1));
        builder.add(
                "Softmax",
                primitive,
                builder.arguments().with(dnnl.DNNL_ARG_SRC, source, from).with(dnnl.DNNL_ARG_DST, destination, to),
                0);
    }

    /** Applies a function to each element and keeps the element type. */
    View elementwise(Function function, View x) {
        if (function == Function.SINE || function == Function.COSINE) { // oneDNN has neither
            View angles = cast(dense(x), DType.FLOAT32);
            View result = builder.allocate(DType.FLOAT32, x.sizes());
            builder.add(HostSteps.trigonometric(builder.node(), function, angles, result));
            return cast(result, x.type());
        }
        View source = dense(x);
        View destination = builder.allocate(x.type(), x.sizes());
        MemoryFormat from = builder.keep(source.rows().format());
        MemoryFormat to = builder.keep(destination.rows().format());
        Primitive primitive = builder.keep(Dnnl.elementwise(function, from, to));
        builder.add(
                function.name(),
                primitive,
                builder.arguments().with(dnnl.DNNL_ARG_SRC, source, from).with(dnnl.DNNL_ARG_DST, destination, to),
                0);
        return destination;
    }

    /**
     * Multiplies {@code left […, M, K]} and {@code right […, K, N]} into a dense result, one sample at a time: {@link AttentionLayer}
     * explains why the whole batch of strided matrices is not passed to oneDNN.
     */
    void matrixProduct(View left, View right, View result) {
        View firstLeft = left.sliced(0, 0, 1);
        View firstRight = right.sliced(0, 0, 1);
        View firstResult = result.sliced(0, 0, 1);
        MemoryFormat leftFormat = builder.keep(firstLeft.format());
        MemoryFormat rightFormat = builder.keep(firstRight.format());
        MemoryFormat resultFormat = builder.keep(firstResult.format());
        Primitive primitive = builder.keep(Dnnl.matmul(leftFormat, rightFormat, null, resultFormat, PostOps.none()));
        for (long sample = 0; sample < result.size(0); sample++) {
            View a = left.size(0) == 1 ? firstLeft : left.sliced(0, sample, 1);
            View b = right.size(0) == 1 ? firstRight : right.sliced(0, sample, 1);
            builder.add(
                    "MatrixProduct",
                    primitive,
                    builder.arguments()
                            .with(dnnl.DNNL_ARG_SRC, a, leftFormat)
                            .with(dnnl.DNNL_ARG_WEIGHTS, b, rightFormat)
                            .with(dnnl.DNNL_ARG_DST, result.sliced(0, sample, 1), resultFormat),
                    firstResult.elements() * left.size(-1));
        }
    }

    /** Adds or multiplies two tensors of the same rank; axes of size 1 repeat. */
    View binary(boolean add, View left, View right, long[] resultSizes) {
        View destination = builder.allocate(left.type(), resultSizes);
        if (Arrays.equals(left.sizes(), resultSizes) && left.rank() <= 5) {
            MemoryFormat leftFormat = builder.keep(left.format());
            MemoryFormat rightFormat = builder.keep(right.format());
            MemoryFormat to = builder.keep(destination.format());
            Primitive primitive = builder.keep(Dnnl.binary(add, leftFormat, rightFormat, to));
            if (primitive.isOptimised()) {
                PlanBuilder.Arguments arguments = builder.arguments()
                        .with(dnnl.DNNL_ARG_SRC_0, left, leftFormat)
                        .with(dnnl.DNNL_ARG_SRC_1, right, rightFormat)
                        .with(dnnl.DNNL_ARG_DST, destination, to);
                builder.add(add ? "Add" : "Multiply", primitive, arguments, 0);
                return destination;
            }
        }
        View sum = builder.allocate(DType.FLOAT32, resultSizes);
        View a = cast(left, DType.FLOAT32);
        View b = cast(right, DType.FLOAT32);
        builder.add(HostSteps.broadcast(builder.node(), add, a, b, sum));
        return cast(sum, left.type());
    }

    /** Returns the view itself if it is dense, otherwise a dense copy. */
    View dense(View x) {
        if (x.isDense()) {
            return x;
        }
        View copy = builder.allocate(x.type(), x.sizes());
        copy(x, copy);
        return copy;
    }

    /** Copies elements between views of the same type and sizes. */
    void copy(View from, View to) {
        builder.add(RowCopy.step(builder.node(), "Copy", from, to));
    }

    /** Returns the view itself if it has the type, otherwise a converted copy. */
    View cast(View x, DType type) {
        if (x.type() == type) {
            return x;
        }
        View source = dense(x).rows();
        View converted = builder.allocate(type, x.sizes());
        View target = converted.rows();
        MemoryFormat from = builder.keep(source.format());
        MemoryFormat to = builder.keep(target.format());
        Primitive primitive = builder.keep(Dnnl.reorder(from, to));
        builder.add(
                "Cast",
                primitive,
                builder.arguments().with(dnnl.DNNL_ARG_FROM, source, from).with(dnnl.DNNL_ARG_TO, target, to),
                0);
        return converted;
    }

    /** Reshapes without a copy if the strides allow it. */
    View reshape(View x, long... sizes) {
        View reshaped = x.reshaped(sizes);
        return reshaped != null ? reshaped : requireView(dense(x).reshaped(sizes));
    }

    static View requireView(@Nullable View view) {
        if (view == null) {
            throw new IllegalStateException("a dense view can take any shape");
        }
        return view;
    }

    static long[] withLast(long[] sizes, long last) {
        long[] changed = sizes.clone();
        changed[changed.length - 1] = last;
        return changed;
    }
}
