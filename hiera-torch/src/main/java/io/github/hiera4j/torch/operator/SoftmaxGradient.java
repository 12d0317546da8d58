package io.github.hiera4j.torch.operator;

import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;

/** The gradient of a softmax over the last axis, in one pass over memory. */
public final class SoftmaxGradient {
    private static final BoxedOperator OPERATOR = new BoxedOperator("aten::_softmax_backward_data");

    private SoftmaxGradient() {}

    /**
     * {@return the gradient of the scores before a softmax}
     *
     * @param ofResult the gradient of the result
     * @param result the result of the softmax
     */
    public static Tensor of(Tensor ofResult, Tensor result) {
        return OPERATOR.tensors(new IValue(ofResult), new IValue(result), new IValue(-1L), new IValue((long)
                        result.scalar_type().value))
                .get(0);
    }
}
