package io.github.hiera4j.model.baseline.pooling;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;

/** Constants of zeros. */
final class Zeros {
    private Zeros() {}

    static HostTensor of(int... sizes) {
        return HostTensor.allocate(DType.FLOAT32, Shape.of(sizes));
    }
}
