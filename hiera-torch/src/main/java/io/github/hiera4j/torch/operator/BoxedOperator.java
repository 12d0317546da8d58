package io.github.hiera4j.torch.operator;

import io.github.hiera4j.natives.NativeDefaults;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An operator that libtorch's C++ interface hides: found by name and called with boxed values, about 6 µs per call. */
public final class BoxedOperator {
    static {
        NativeDefaults.load(torch.class);
    }

    private final OperatorHandle operator;

    /**
     * Finds an operator.
     *
     * @param name the name, such as {@code aten::_fused_adamw_}
     */
    public BoxedOperator(String name) {
        operator = Dispatcher.singleton().findSchemaOrThrow(name, "");
        operator.retainReference(); // no scope may free an operator that every step calls
    }

    /**
     * Calls an operator whose results are tensors; the caller's scope owns them.
     *
     * @param arguments the arguments, in the order of the operator's schema
     * @return the results
     */
    public List<Tensor> tensors(IValue... arguments) {
        IValueVector stack = call(arguments);
        List<Tensor> results = new ArrayList<>();
        for (long place = 0; place < stack.size(); place++) {
            results.add(new Tensor(stack.get(place).toTensor())); // toTensor refers to memory of the stack
        }
        return results;
    }

    /**
     * Calls the operator; the results replace the arguments on the stack, which the caller's scope owns.
     *
     * @param arguments the arguments, in the order of the operator's schema
     * @return the results
     */
    public IValueVector call(IValue... arguments) {
        IValueVector stack = new IValueVector();
        for (IValue argument : arguments) {
            stack.push_back(argument);
        }
        operator.callBoxed(stack);
        return stack;
    }
}
