package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.ByteBuffer;

/** Another source's tensors, each checked when it is read: a NaN or an infinity causes an exception that names the tensor. */
public final class FiniteWeights extends DerivedWeights {

    /**
     * Creates a source whose reads fail for a tensor that contains a NaN or an infinity.
     *
     * @param source the source of the tensors
     */
    public FiniteWeights(WeightSource source) {
        super(source);
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = super.read(name);
        checkFinite(name, tensor);
        return tensor;
    }

    @Override
    public void readInto(String name, HostTensor target) {
        readSourceInto(name, target);
        checkFinite(name, target);
    }

    private void checkFinite(String name, HostTensor tensor) {
        int position = firstNonFinite(tensor);
        check(
                position < 0,
                "%s: tensor '%s' contains %s at element %d; the checkpoint is damaged or its training diverged",
                description(),
                Printable.of(name),
                position < 0 ? "" : tensor.get(position),
                position);
    }

    /** Returns the flat index of the first NaN or infinity, or -1 if there is none. */
    static int firstNonFinite(HostTensor tensor) {
        return switch (tensor.dtype()) {
            case FLOAT32 -> tensor.firstNonFinite();
            case FLOAT16 -> firstFullExponent(tensor.bytes(), 0x7c00);
            case BFLOAT16 -> firstFullExponent(tensor.bytes(), 0x7f80);
            case FLOAT64 -> firstNonFiniteDouble(tensor);
            default -> -1;
        };
    }

    private static int firstNonFiniteDouble(HostTensor tensor) {
        ByteBuffer bytes = tensor.bytes();
        for (int i = 0; i < tensor.elements(); i++) {
            if (!Double.isFinite(DType.FLOAT64.get(bytes, i * Double.BYTES))) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the index of the first number of a half type that is infinite or NaN: its exponent is all ones. */
    private static int firstFullExponent(ByteBuffer bytes, int exponent) {
        for (int position = 0; position + 1 < bytes.limit(); position += 2) {
            if ((bytes.getShort(position) & exponent) == exponent) {
                return position / 2;
            }
        }
        return -1;
    }
}
