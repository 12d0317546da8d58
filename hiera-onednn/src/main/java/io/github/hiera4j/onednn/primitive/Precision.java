package io.github.hiera4j.onednn.primitive;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;

/**
 * The element types of a plan.
 *
 * @param compute type of the operands of matrix products: weights, normalised tokens, hidden channels
 * @param stream type of the residual stream, to which blocks add
 * @param scores attention scores before their softmax
 * @param integers whether linear layers that the weights quantise multiply 8-bit integers
 */
public record Precision(DType compute, DType stream, DType scores, boolean integers) {

    public static Precision of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> new Precision(DType.FLOAT32, DType.FLOAT32, DType.FLOAT32, false);
            case BFLOAT16 -> new Precision(DType.BFLOAT16, DType.BFLOAT16, DType.FLOAT32, false);
            case INT8 -> withIntegers();
            default ->
                throw new HieraException("backend 'onednn' computes in float32, bfloat16 or int8, not in " + dtype
                        + ": choose one of them");
        };
    }

    /** Everything not computed with integers uses the fastest type of this processor. */
    private static Precision withIntegers() {
        Precision rest = of(InstructionSet.effective().hasFastBfloat16() ? DType.BFLOAT16 : DType.FLOAT32);
        return new Precision(rest.compute(), rest.stream(), rest.scores(), true);
    }
}
