package io.github.hiera4j.model.network;

/** What a checkpoint can hold: a classifier or an encoder without a head, or a masked autoencoder around an encoder. */
public interface ModelConfig {
    /** {@return the encoder's settings} */
    HieraConfig encoder();

    /** {@return the model's graph for inference, with every output that a caller may request} */
    io.github.hiera4j.model.graph.Graph inferenceGraph();

    /**
     * {@return the graph of the encoder that sees the whole input, with its head where it has one: outputs {@code embedding}, {@code
     * stage1 …} as maps, and for classifiers {@code logits} and {@code probabilities}}
     */
    default io.github.hiera4j.model.graph.Graph encoderGraph() {
        return inferenceGraph();
    }

    /** {@return whether this is Hiera, or an autoencoder around it; otherwise {@link #encoder} describes its sizes, not its network} */
    default boolean isHiera() {
        return true;
    }

    /** {@return what kind of network it is, in a few words} */
    default String architecture() {
        return isAutoencoder() ? "a masked autoencoder of Hiera" : "Hiera";
    }

    /** {@return whether it reconstructs pixels and names no classes} */
    default boolean isAutoencoder() {
        return false;
    }
}
