package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.InstructionSet;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.PostOps;
import io.github.hiera4j.onednn.primitive.Primitive;
import org.jspecify.annotations.Nullable;

/**
 * How oneDNN computes a linear layer with {@code N} inputs and {@code M} outputs on {@code R} rows.
 *
 * <p>With AVX2, its kernel for convolutions of one pixel is 1.15 to 1.25 times as fast as those for matrix products, in float32 and
 * in int8 (docs/performance-onednn.md). All layers of one type have the same form, so that plans can share packed weights.
 */
enum LinearForm {
    /** A product of matrices {@code [R, N]} and {@code [N, M]}. */
    PRODUCT(1) {
        @Override
        View rows(View rows) {
            return rows;
        }

        @Override
        View bias(View vector) {
            return perOutput(vector);
        }

        @Override
        long[] weightSizes(long inputs, long outputs) {
            return new long[] {inputs, outputs};
        }

        @Override
        long[] weightStrides(long inputs) {
            return new long[] {1, inputs};
        }

        @Override
        Primitive primitive(
                MemoryFormat source,
                MemoryFormat weights,
                @Nullable MemoryFormat bias,
                MemoryFormat destination,
                PostOps postOps) {
            return Dnnl.matmul(source, weights, bias, destination, postOps);
        }
    },

    /** A convolution of an image of R × 1 pixels, channels last, with a kernel of 1 × 1. */
    CONVOLUTION(0) {
        @Override
        View rows(View rows) {
            return Layers.requireView(rows.reshaped(1, rows.size(0), 1, rows.size(1)))
                    .permuted(0, 3, 1, 2);
        }

        @Override
        View bias(View vector) {
            return Layers.requireView(vector.reshaped(vector.elements()));
        }

        @Override
        long[] weightSizes(long inputs, long outputs) {
            return new long[] {outputs, inputs, 1, 1};
        }

        @Override
        long[] weightStrides(long inputs) {
            return new long[] {inputs, 1, 1, 1};
        }

        @Override
        Primitive primitive(
                MemoryFormat source,
                MemoryFormat weights,
                @Nullable MemoryFormat bias,
                MemoryFormat destination,
                PostOps postOps) {
            return Dnnl.pointwise(source, weights, bias, destination, postOps);
        }
    };

    private final int outputAxis; // of the weights

    LinearForm(int outputAxis) {
        this.outputAxis = outputAxis;
    }

    /** Returns the fastest form on this processor for products of an element type. */
    static LinearForm of(DType compute) {
        boolean isFaster = switch (InstructionSet.effective()) {
            case AVX2 -> compute == DType.FLOAT32 || compute == DType.INT8;
            case AVX2_VNNI -> compute == DType.FLOAT32; // VNNI has kernels for products of integers
            default -> false;
        };
        return isFaster ? CONVOLUTION : PRODUCT;
    }

    /** Returns rows {@code [R, C]} as the primitive reads or writes them. */
    abstract View rows(View rows);

    /** Returns one value per output as an operand that is repeated for every row. */
    View perOutput(View vector) {
        return rows(Layers.requireView(vector.reshaped(1, vector.elements())));
    }

    abstract View bias(View vector);

    abstract long[] weightSizes(long inputs, long outputs);

    /** Returns the strides of {@link #weightSizes} in a weight {@code [M, N]}. */
    abstract long[] weightStrides(long inputs);

    /** Returns the axis of the weights that has one scale per entry. */
    int outputAxis() {
        return outputAxis;
    }

    /** Returns whether the existing values of the destination can be added after other operations. */
    boolean addsLast() {
        return this == PRODUCT;
    }

    /** The caller owns the primitive; the weights may be in any layout. */
    abstract Primitive primitive(
            MemoryFormat source,
            MemoryFormat weights,
            @Nullable MemoryFormat bias,
            MemoryFormat destination,
            PostOps postOps);
}
