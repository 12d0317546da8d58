package io.github.hiera4j.onednn.primitive;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;

/**
 * The element types of a plan.
 *
 * @param compute what matrix products read: weights, normalised tokens, hidden channels
 * @param stream the residual stream: what blocks add to
 * @param scores attention scores before their softmax
 */
public record Precision(DType compute, DType stream, DType scores) {

    public static Precision of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> new Precision(DType.FLOAT32, DType.FLOAT32, DType.FLOAT32);
            case BFLOAT16 -> new Precision(DType.BFLOAT16, DType.BFLOAT16, DType.FLOAT32);
            default ->
                throw new HieraException(
                        "backend 'onednn' computes in float32 or bfloat16, not in " + dtype + ": choose one of them");
        };
    }
}
