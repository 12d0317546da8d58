package io.github.hiera4j.model.cost;

import io.github.hiera4j.model.tensor.Shape;

/**
 * What one part of a network costs, for one sample.
 *
 * @param name the part: {@code patch_embed}, {@code blocks.3}, {@code head}
 * @param output the shape that leaves it
 * @param parameters its weights' elements
 * @param multiplyAccumulates of its matrix products and convolutions
 * @param activationBytes of every float32 tensor it makes, views not counted: what training keeps
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
