package io.github.hiera4j.model.network;

/** The configuration of a model in a checkpoint: a classifier, an encoder without a head, or a masked autoencoder of an encoder. */
public interface ModelConfig {
    /** {@return the encoder's settings} */
    HieraConfig encoder();

    /** {@return the model's graph for inference, with every output that a caller may request} */
    io.github.hiera4j.model.graph.Graph inferenceGraph();

    /**
     * {@return the graph of the encoder on the whole input, with its head if it has one: outputs {@code embedding}, {@code
     * stage1 …} as maps, and for classifiers {@code logits} and {@code probabilities}}
     */
    default io.github.hiera4j.model.graph.Graph encoderGraph() {
        return inferenceGraph();
    }

    /** {@return whether this is Hiera or an autoencoder of it; otherwise {@link #encoder} describes its sizes, not its network} */
    default boolean isHiera() {
        return true;
    }

    /** {@return a short description of the kind of network} */
    default String architecture() {
        return isAutoencoder() ? "a masked autoencoder of Hiera" : "Hiera";
    }

    /** {@return whether it reconstructs pixels instead of predicting classes} */
    default boolean isAutoencoder() {
        return false;
    }
}
