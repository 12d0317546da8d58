package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;

/** Finds values that are not finite, which a model must neither receive nor return. */
public final class FiniteValues {
    private FiniteValues() {}

    /** Returns the flat index of the first NaN or infinity, -1 if there is none. */
    public static int firstNonFinite(HostTensor tensor) {
        int count = tensor.elements();
        if (tensor.dtype() == DType.FLOAT32) {
            return tensor.firstNonFinite();
        }
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(tensor.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
