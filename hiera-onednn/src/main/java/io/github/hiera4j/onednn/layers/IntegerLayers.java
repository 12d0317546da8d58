package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.QuantizedMatrix;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.PostOps;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.global.dnnl;
import org.jspecify.annotations.Nullable;

/**
 * Layers that read or write 8-bit activations. Scales need no separate step if the preceding layer can apply them: a norm writes
 * integers through its scale and shift, and a linear layer through a final multiplication and addition.
 */
final class IntegerLayers {
    /** Bytes of 32-bit sums that stay in the cache until a kernel without fused epilogue reads them again. */
    private static final long SUM_BYTES = 1L << 20;

    /** A block of rows is at least this fraction of what the cache could hold. */
    private static final long SMALLEST_STRETCH = 8;

    private final PlanBuilder builder;
    private final LinearForm linearForm = LinearForm.of(DType.INT8);
    private final Layers layers;
    private final Weights weights;

    IntegerLayers(PlanBuilder builder, Layers layers, Weights weights) {
        this.builder = builder;
        this.layers = layers;
        this.weights = weights;
    }

    /** A norm whose result is {@code round(y / scale + zero point)}: both are folded into its own scale and shift. */
    View layerNorm(View x, View scale, View shift, double epsilon, LinearQuantization form) {
        float[] scales = values(scale);
        float[] shifts = values(shift);
        for (int channel = 0; channel < scales.length; channel++) {
            scales[channel] /= form.inputScale();
            shifts[channel] = shifts[channel] / form.inputScale() + form.inputZeroPoint();
        }
        return layers.layerNorm(x, builder.constant(scales), builder.constant(shifts), epsilon, DType.UINT8);
    }

    private static float[] values(View vector) {
        FloatBuffer source =
                vector.buffer().memory().buffer(0, vector.buffer().bytes()).asFloatBuffer();
        float[] values = new float[source.capacity()];
        source.get(values);
        return values;
    }

    /**
     * {@code epilogue(x · weightᵀ + bias)} as a product of integers.
     *
     * @param x floating point, or quantised as this layer needs it
     * @param result the type of the result, if {@code form} is null
     * @param form how the result is quantised, or null; only without a skip
     */
    View linear(
            View x,
            Node weight,
            QuantizedMatrix matrix,
            @Nullable View bias,
            Layers.Epilogue epilogue,
            DType result,
            @Nullable LinearQuantization form) {
        View source = quantize(layers.dense(x), matrix.quantization()).rows();
        long outputs = weight.shape().size(0);
        View skip = epilogue.skip() == null ? null : layers.dense(epilogue.skip());
        DType type = form == null ? result : DType.UINT8;
        boolean inPlace = skip != null && epilogue.mayOverwriteSkip(linearForm) && skip.type() == type;
        View destination = skip != null && inPlace ? skip : builder.allocate(type, Layers.withLast(x.sizes(), outputs));
        Product product = new Product(
                weight, matrix, bias, epilogue, form, source, destination.rows(), inPlace ? null : skip, inPlace);
        product.emit();
        return destination;
    }

    /** Returns the view itself if it is already quantised, otherwise {@code round(x / scale + zero point)}. */
    private View quantize(View x, LinearQuantization form) {
        if (x.type() == DType.UINT8) {
            return x;
        }
        View rows = x.rows();
        View quantized = builder.allocate(DType.UINT8, x.sizes());
        MemoryFormat from = builder.keep(rows.format());
        MemoryFormat to = builder.keep(quantized.rows().format());
        Primitive primitive = builder.keep(Dnnl.reorder(from, to, PostOps.none().quantized()));
        builder.add(
                "Quantize",
                primitive,
                builder.arguments()
                        .with(dnnl.DNNL_ARG_FROM, rows, from)
                        .with(dnnl.DNNL_ARG_TO, quantized, to)
                        .with(PostOps.RESULT_SCALE, builder.constant(1, form.inputScale()))
                        .with(PostOps.RESULT_ZERO_POINT, builder.integer(form.inputZeroPoint())),
                0);
        return quantized;
    }

    /** One product of integers, in blocks of rows if its kernel keeps all sums until the end. */
    private final class Product {
        private final Node weight;
        private final Layers.Epilogue epilogue;
        private final @Nullable LinearQuantization form;
        private final View source;
        private final View destination;
        private final @Nullable View skip;
        private final boolean inPlace;
        private final View bias;
        private final View factors;
        private final long inputs;
        private final long outputs;

        Product(
                Node weight,
                QuantizedMatrix matrix,
                @Nullable View bias,
                Layers.Epilogue epilogue,
                @Nullable LinearQuantization form,
                View source,
                View destination,
                @Nullable View skip,
                boolean inPlace) {
            this.weight = weight;
            this.epilogue = epilogue;
            this.form = form;
            this.source = source;
            this.destination = destination;
            this.skip = skip == null ? null : skip.rows();
            this.inPlace = inPlace;
            this.inputs = weight.shape().size(1);
            this.outputs = weight.shape().size(0);
            this.bias = linearForm.bias(builder.constant(matrix.shiftedBias(bias)));
            this.factors = View.dense(matrix.factors(), DType.FLOAT32, outputs);
        }

        void emit() {
            long rows = source.size(0);
            long stretch = rows;
            Primitive primitive = primitive(rows);
            if (primitive.keepsAllSums()) {
                stretch = divisor(rows, Math.max(1, SUM_BYTES / (outputs * Integer.BYTES)));
                primitive = stretch == rows ? primitive : primitive(stretch);
            }
            Weights.Packed packed = weights.matrix(
                    weight,
                    primitive.copyOfWeights(),
                    linearForm.weightSizes(inputs, outputs),
                    linearForm.weightStrides(inputs));
            for (long start = 0; start < rows; start += stretch) {
                emit(primitive, packed, start, stretch);
            }
        }

        private Primitive primitive(long rows) {
            PostOps postOps = postOps(builder.arguments(), 0, rows);
            MemoryFormat from = builder.keep(rows(source, 0, rows).format());
            MemoryFormat to = builder.keep(rows(destination, 0, rows).format());
            MemoryFormat biasFormat = builder.keep(bias.format());
            try (MemoryFormat any = Dnnl.any(DType.INT8, linearForm.weightSizes(inputs, outputs))) {
                return builder.keep(linearForm.primitive(from, any, biasFormat, to, postOps));
            }
        }

        private View rows(View matrix, long start, long rows) {
            return linearForm.rows(matrix.sliced(0, start, rows));
        }

        private PostOps postOps(PlanBuilder.Arguments arguments, long start, long rows) {
            PostOps postOps = PostOps.none().scaledAlong(linearForm.outputAxis());
            if (epilogue.activation() == Activation.GELU) {
                postOps.gelu();
            }
            if (epilogue.layerScale() != null) {
                layers.append(postOps, arguments, false, linearForm.perOutput(epilogue.layerScale()));
            }
            if (inPlace) {
                postOps.addToDestination();
            } else if (skip != null) {
                layers.append(postOps, arguments, true, rows(skip, start, rows));
            }
            if (form != null) {
                postOps.affine(1.0 / form.inputScale(), form.inputZeroPoint());
            }
            return postOps;
        }

        private void emit(Primitive primitive, Weights.Packed packed, long start, long rows) {
            PlanBuilder.Arguments arguments = builder.arguments();
            postOps(arguments, start, rows);
            arguments
                    .with(dnnl.DNNL_ARG_SRC, rows(source, start, rows))
                    .with(dnnl.DNNL_ARG_WEIGHTS, packed.format(), packed.buffer())
                    .with(dnnl.DNNL_ARG_BIAS, bias)
                    .with(dnnl.DNNL_ARG_DST, rows(destination, start, rows))
                    .with(PostOps.WEIGHT_SCALES, factors);
            String kind = epilogue.activation() == Activation.NONE ? "Linear" : "Linear+" + epilogue.activation();
            kind = inPlace || skip != null ? kind + "+Add" : kind;
            builder.add(kind + " int8", primitive, arguments, rows * source.size(1) * outputs);
        }
    }

    /** Returns the largest divisor up to a limit; the number itself if that would make many small pieces. */
    private static long divisor(long size, long limit) {
        long divisor = Math.min(size, limit);
        while (size % divisor != 0) {
            divisor--;
        }
        return divisor * SMALLEST_STRETCH < Math.min(size, limit) ? size : divisor;
    }
}
