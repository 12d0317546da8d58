package io.github.hiera4j.model.baseline;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.Shape;

/**
 * A classifier that Hiera is compared with. Its graphs have the inputs {@code input} and, for training, {@code targets}, and the outputs
 * {@code embedding}, {@code logits} and {@code probabilities}, or {@code loss}, as in Hiera's graphs.
 */
public interface BaselineModel extends ModelConfig {
    /** {@return the graph without drop path, with the maps or tokens of every stage, logits and probabilities} */
    @Override
    Graph inferenceGraph();

    /** {@return the graph with drop path as configured, and the cross-entropy with the targets} */
    Graph trainingGraph();

    /** {@return the pixels, {@code [B, C, (T,) H, W]} with a symbolic batch} */
    Shape inputShape();

    @Override
    default boolean isHiera() {
        return false;
    }

    /** {@return the number of classes of the head} */
    int numClasses();
}
