package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;

/**
 * Another source's floating tensors in one element type, rounded to nearest even when they are read; integers stay as they
 * are. A number that the type cannot hold is a failure, never a silent infinity.
 */
public final class ConvertedWeights extends DerivedWeights {
    private final DType dtype;

    /**
     * Floating tensors of a source in another element type; others as they are.
     *
     * @param source where tensors are read from
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

    /** What is not finite now must not have been finite before. */
    private void checkNothingOverflowed(String name, HostTensor tensor, HostTensor converted) {
        for (int i = 0; i < tensor.elements(); i++) {
            check(
                    Double.isFinite(converted.get(i)) || !Double.isFinite(tensor.get(i)),
                    "%s: tensor '%s' holds %s, which %s cannot",
                    description(),
                    Printable.of(name),
                    tensor.get(i),
                    dtype);
        }
    }
}
