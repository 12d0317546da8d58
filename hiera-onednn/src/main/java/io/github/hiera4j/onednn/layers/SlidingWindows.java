package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.onednn.plan.HostStep;
import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;

/**
 * {@link Op.DepthwiseConvolution} and {@link Op.MaxPool} as primitives over {@code [B·G, C, h, w]}, channel-last in memory:
 * groups become part of the batch, and no data is moved.
 */
final class SlidingWindows {
    private final PlanBuilder builder;
    private final Layers layers;
    private final Weights weights;

    SlidingWindows(PlanBuilder builder, Layers layers, Weights weights) {
        this.builder = builder;
        this.layers = layers;
        this.weights = weights;
    }

    /** {@code [B, G, h, w, C]} to {@code [B, G, h', w', C]}. */
    View convolve(Op.DepthwiseConvolution op, View x, Node weight, long[] resultSizes) {
        View source = planes(dense(x));
        View destination = builder.allocate(x.type(), resultSizes);
        View planes = planes(destination);
        long channels = x.size(4);
        long[] kernel = {channels, 1, 1, weight.shape().size(2), weight.shape().size(3)};
        MemoryFormat from = builder.keep(source.format());
        MemoryFormat to = builder.keep(planes.format());
        Primitive primitive;
        try (MemoryFormat any = Dnnl.any(x.type(), kernel)) {
            primitive = builder.keep(Dnnl.convolution(from, any, null, to, longs(op.stride()), longs(op.padding())));
        }
        Weights.Packed packed = weights.matrix(weight, primitive.copyOfWeights(), kernel, View.denseStrides(kernel));
        PlanBuilder.Arguments arguments = builder.arguments()
                .with(dnnl.DNNL_ARG_SRC, source, from)
                .with(dnnl.DNNL_ARG_WEIGHTS, packed.format(), packed.buffer())
                .with(dnnl.DNNL_ARG_DST, planes, to);
        builder.add("DepthwiseConvolution", primitive, arguments, destination.elements() * kernel[3] * kernel[4]);
        return destination;
    }

    /** {@code [B, G, h, w, C]} to {@code [B, G, h', w', C]}. */
    View largest(Op.MaxPool op, View x, long[] resultSizes) {
        View source = planes(dense(x));
        View destination = builder.allocate(x.type(), resultSizes);
        View planes = planes(destination);
        MemoryFormat from = builder.keep(source.format());
        MemoryFormat to = builder.keep(planes.format());
        Primitive primitive =
                builder.keep(Dnnl.pooling(true, from, to, longs(op.kernel()), longs(op.stride()), longs(op.padding())));
        PlanBuilder.Arguments arguments =
                builder.arguments().with(dnnl.DNNL_ARG_SRC, source, from).with(dnnl.DNNL_ARG_DST, planes, to);
        builder.add("MaxPool", primitive, arguments, 0);
        if (op.zeroPadded()) {
            builder.add(zeroAtRim(op, x, destination));
        }
        return destination;
    }

    /** If a window reads zero padding, its maximum is at least 0. */
    private HostStep zeroAtRim(Op.MaxPool op, View x, View destination) {
        List<Integer> starts = new ArrayList<>();
        int channels = (int) destination.size(4);
        for (int row = 0; row < destination.size(2); row++) {
            for (int column = 0; column < destination.size(3); column++) {
                if (readsPadding(op, 0, row, x.size(2)) || readsPadding(op, 1, column, x.size(3))) {
                    starts.add((int) (row * destination.size(3) + column) * channels);
                }
            }
        }
        int groups = (int) (destination.size(0) * destination.size(1));
        int groupSize = (int) (destination.size(2) * destination.size(3)) * channels;
        boolean isHalf = destination.type().bytes() == Short.BYTES;
        return new HostStep(builder.node(), "MaxPool rim", List.of(destination), bytes -> {
            for (int group = 0; group < groups; group++) {
                for (int start : starts) {
                    int first = group * groupSize + start;
                    if (isHalf) {
                        positiveHalves(bytes[0], first, channels);
                    } else {
                        positiveFloats(bytes[0], first, channels);
                    }
                }
            }
        });
    }

    private static boolean readsPadding(Op.MaxPool op, int axis, int position, long size) {
        int start = position * op.stride().get(axis) - op.padding().get(axis);
        return start < 0 || start + op.kernel().get(axis) > size;
    }

    /** Negative numbers have the sign bit set in every format. */
    private static void positiveFloats(ByteBuffer bytes, int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (bytes.getInt(i * Float.BYTES) < 0) {
                bytes.putInt(i * Float.BYTES, 0);
            }
        }
    }

    private static void positiveHalves(ByteBuffer bytes, int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (bytes.getShort(i * Short.BYTES) < 0) {
                bytes.putShort(i * Short.BYTES, (short) 0);
            }
        }
    }

    /** Returns the view itself if it is dense, otherwise a copy that oneDNN makes with all its threads. */
    private View dense(View x) {
        if (x.isDense()) {
            return x;
        }
        View rows = x.reshaped(x.elements() / x.size(4), x.size(4));
        if (rows == null) {
            return layers.dense(x);
        }
        View copy = builder.allocate(x.type(), x.sizes());
        MemoryFormat from = builder.keep(rows.format());
        MemoryFormat to = builder.keep(copy.rows().format());
        Primitive primitive = builder.keep(Dnnl.reorder(from, to));
        PlanBuilder.Arguments arguments =
                builder.arguments().with(dnnl.DNNL_ARG_FROM, rows, from).with(dnnl.DNNL_ARG_TO, copy, to);
        builder.add("Reorder", primitive, arguments, 0);
        return copy;
    }

    /** {@code [B, G, h, w, C]} as {@code [B·G, C, h, w]}. */
    private static View planes(View x) {
        View merged = x.reshaped(x.size(0) * x.size(1), x.size(2), x.size(3), x.size(4));
        return Layers.requireView(merged).permuted(0, 3, 1, 2);
    }

    private static long[] longs(List<Integer> values) {
        return values.stream().mapToLong(Integer::longValue).toArray();
    }
}
