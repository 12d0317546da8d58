package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;

/**
 * Converts a source's floating-point tensors to one element type, rounded to nearest even when they are read; integers stay
 * unchanged. A number that the type cannot represent is an error, never a silent infinity.
 */
public final class ConvertedWeights extends DerivedWeights {
    private final DType dtype;

    /**
     * Creates a source with floating-point tensors in another element type.
     *
     * @param source the source of the tensors
     * @param dtype the element type
     */
    public ConvertedWeights(WeightSource source, DType dtype) {
        super(source);
        check(dtype.isFloating(), "weights are converted to float64, float32, float16 or bfloat16, not to %s", dtype);
        this.dtype = dtype;
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = super.info(name);
        return info.dtype().isFloating() ? new TensorInfo(dtype, info.shape()) : info;
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = super.read(name);
        if (!tensor.dtype().isFloating() || tensor.dtype() == dtype) {
            return tensor;
        }
        HostTensor converted = tensor.to(dtype);
        if (FiniteWeights.firstNonFinite(converted) >= 0) {
            checkNothingOverflowed(name, tensor, converted);
        }
        return converted;
    }

    /** Throws if a number was finite before the conversion and is not finite now. */
    private void checkNothingOverflowed(String name, HostTensor tensor, HostTensor converted) {
        for (int i = 0; i < tensor.elements(); i++) {
            check(
                    Double.isFinite(converted.get(i)) || !Double.isFinite(tensor.get(i)),
                    "%s: tensor '%s' contains %s, which %s cannot represent",
                    description(),
                    Printable.of(name),
                    tensor.get(i),
                    dtype);
        }
    }
}
