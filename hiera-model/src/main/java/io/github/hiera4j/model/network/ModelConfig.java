package io.github.hiera4j.model.network;

/** What a checkpoint can hold: an encoder with a classification head, or a masked autoencoder around an encoder. */
public interface ModelConfig {
    /** {@return the encoder's settings} */
    HieraConfig encoder();

    /** {@return the model's graph for inference, with every output that a caller may ask for} */
    io.github.hiera4j.model.graph.Graph inferenceGraph();
}
