package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;

/**
 * A detector as a model of the training library.
 *
 * @param encoder the encoder from which the trunk is derived, at the detector's input size
 * @param detector all settings
 */
record DetectorModel(HieraConfig encoder, MaskRcnnConfig detector) implements ModelConfig {
    @Override
    public Graph inferenceGraph() {
        return new MaskRcnn(detector).pyramidGraph();
    }
}
