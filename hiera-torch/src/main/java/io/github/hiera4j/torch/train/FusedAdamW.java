package io.github.hiera4j.torch.train;

import io.github.hiera4j.torch.operator.BoxedOperator;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * libtorch's fused AdamW kernel, which its C++ interface hides: found by name and called with boxed values. One pass over memory, a third
 * of the time of the optimiser class.
 */
final class FusedAdamW {
    private static final BoxedOperator OPERATOR = new BoxedOperator("aten::_fused_adamw_");

    /** The type of a list's elements. libtorch has one such object; freeing the pointer to it would free the object itself. */
    private static final TensorType TENSOR = TensorType.get();

    private static final Type.TypePtr TENSOR_POINTER = new Type.TypePtr(TENSOR);

    static {
        TENSOR.retainReference(); // no scope may free a type that every step needs
        TENSOR_POINTER.retainReference();
    }

    private FusedAdamW() {}

    /**
     * Updates {@code values} by one step; the caller's scope owns temporary tensors.
     *
     * @param step float32 scalar tensor: the number of this step, from 1
     */
    static void update(
            Tensor values,
            Tensor gradient,
            Tensor mean,
            Tensor square,
            Tensor step,
            double learningRate,
            double weightDecay,
            OptimizerSettings.AdamW settings) {
        OPERATOR.call(
                list(values),
                list(gradient),
                list(mean),
                list(square),
                list(),
                list(step),
                new IValue(learningRate),
                new IValue(settings.beta1()),
                new IValue(settings.beta2()),
                new IValue(weightDecay),
                new IValue(settings.epsilon()),
                new IValue(false), // amsgrad
                new IValue(false), // maximize
                new IValue(), // grad_scale
                new IValue()); // found_inf
    }

    private static IValue list(Tensor... tensors) {
        GenericList list = new GenericList(TENSOR_POINTER);
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor));
        }
        return new IValue(list);
    }
}
