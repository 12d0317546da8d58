package io.github.hiera4j.model.cost;

import io.github.hiera4j.model.tensor.Shape;

/**
 * The cost of one part of a network, for one sample.
 *
 * @param name the part: {@code patch_embed}, {@code blocks.3}, {@code head}
 * @param output the shape of its output
 * @param parameters the number of elements of its weights
 * @param multiplyAccumulates multiply–accumulate operations of its matrix products and convolutions
 * @param activationBytes bytes of all float32 tensors that it creates, without views: those that training keeps
 */
public record LayerCost(String name, Shape output, long parameters, long multiplyAccumulates, long activationBytes) {

    LayerCost plus(LayerCost later) {
        return new LayerCost(
                name,
                later.output,
                parameters + later.parameters,
                multiplyAccumulates + later.multiplyAccumulates,
                activationBytes + later.activationBytes);
    }
}
