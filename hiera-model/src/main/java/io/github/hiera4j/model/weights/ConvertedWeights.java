package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Set;

/**
 * Another source's floating tensors in one element type, rounded to nearest even when they are read; integers stay as they
 * are. A number that the type cannot hold is a failure, never a silent infinity.
 */
public final class ConvertedWeights implements WeightSource {
    private final WeightSource source;
    private final DType dtype;

    public ConvertedWeights(WeightSource source, DType dtype) {
        check(dtype.isFloating(), "weights are converted to float64, float32, float16 or bfloat16, not to %s", dtype);
        this.source = source;
        this.dtype = dtype;
    }

    @Override
    public String description() {
        return source.description();
    }

    @Override
    public Set<String> names() {
        return source.names();
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = source.info(name);
        return info.dtype().isFloating() ? new TensorInfo(dtype, info.shape()) : info;
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = source.read(name);
        if (!tensor.dtype().isFloating() || tensor.dtype() == dtype) {
            return tensor;
        }
        HostTensor converted = tensor.to(dtype);
        int position = FiniteWeights.firstNonFinite(converted);
        check(
                position < 0 || !Double.isFinite(tensor.get(position)),
                "%s: tensor '%s' holds %s, which %s cannot",
                description(),
                Printable.of(name),
                position < 0 ? "" : tensor.get(position),
                dtype);
        return converted;
    }

    @Override
    public void close() {
        source.close();
    }
}
