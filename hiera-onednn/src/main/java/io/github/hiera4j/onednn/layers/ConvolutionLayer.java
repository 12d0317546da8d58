package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.Precision;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.util.Arrays;
import org.bytedeco.dnnl.global.dnnl;

/** The convolution of a patch embedding. oneDNN chooses the layouts of pixels and weights; the result is channel-last. */
final class ConvolutionLayer {
    private final PlanBuilder builder;
    private final Layers layers;
    private final Weights weights;

    ConvolutionLayer(PlanBuilder builder, Layers layers, Weights weights) {
        this.builder = builder;
        this.layers = layers;
        this.weights = weights;
    }

    /**
     * Convolves pixels {@code [B, C, …]}.
     *
     * @return a view of sizes {@code [B, K, …]} over channel-last memory
     */
    View convolve(Op.Convolution op, View given, Node weight, View bias, long[] resultSizes, Precision precision) {
        int axes = op.stride().size();
        View x = wholeBuffer(given);
        View destination = channelsLast(precision.stream(), resultSizes);
        long[] kernelSizes = View.sizes(weight.shape());
        MemoryFormat destinationFormat = builder.keep(destination.format());
        Primitive primitive;
        try (MemoryFormat anySource = Dnnl.any(precision.compute(), x.sizes());
                MemoryFormat anyWeights = Dnnl.any(precision.compute(), kernelSizes)) {
            primitive = builder.keep(Dnnl.convolution(
                    anySource,
                    anyWeights,
                    builder.keep(bias.format()),
                    destinationFormat,
                    op.stride().stream().mapToLong(Integer::longValue).toArray(),
                    op.padding().stream().mapToLong(Integer::longValue).toArray()));
        }
        Weights.Packed packed =
                weights.matrix(weight, primitive.copyOfWeights(), kernelSizes, View.denseStrides(kernelSizes));
        Buffer pixels = Buffer.inArena(primitive.source().bytes());
        builder.reorder("Reorder", builder.keep(x.format()), x.buffer(), primitive.source(), pixels);
        PlanBuilder.Arguments arguments = builder.arguments()
                .with(dnnl.DNNL_ARG_SRC, primitive.source(), pixels)
                .with(dnnl.DNNL_ARG_WEIGHTS, packed.format(), packed.buffer())
                .with(dnnl.DNNL_ARG_BIAS, bias)
                .with(dnnl.DNNL_ARG_DST, destination, destinationFormat);
        long patch = Arrays.stream(kernelSizes).skip(1).reduce(1, Math::multiplyExact);
        builder.add("Convolution" + axes + "d", primitive, arguments, destination.elements() * patch);
        return destination;
    }

    /** Returns the view itself if a reorder can read it from the start of its buffer, in any order of axes; otherwise a dense copy. */
    private View wholeBuffer(View x) {
        if (x.offset() == 0 && Arrays.stream(x.strides()).allMatch(stride -> stride > 0)) {
            return x;
        }
        View copy = builder.allocate(x.type(), x.sizes());
        layers.copy(x, copy);
        return copy;
    }

    private View channelsLast(DType type, long[] sizes) {
        int last = sizes.length - 1;
        long[] laidOut = new long[sizes.length];
        int[] back = new int[sizes.length];
        laidOut[0] = sizes[0];
        laidOut[last] = sizes[1];
        back[1] = last;
        for (int axis = 2; axis <= last; axis++) {
            laidOut[axis - 1] = sizes[axis];
            back[axis] = axis - 1;
        }
        return builder.allocate(type, laidOut).permuted(back);
    }
}
