package io.github.hiera4j.model.weights.torch;

import io.github.hiera4j.model.tensor.DType;

/**
 * A block of elements that tensors of a PyTorch checkpoint are views of.
 *
 * @param key its name in the checkpoint
 * @param dtype element type of the block
 * @param elements the number of elements stated in the pickle
 */
public record TorchStorage(String key, DType dtype, long elements) {
    long byteSize() {
        return elements * dtype.bytes();
    }
}
