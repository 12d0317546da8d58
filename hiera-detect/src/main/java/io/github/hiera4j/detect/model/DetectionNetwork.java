package io.github.hiera4j.detect.model;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** The two graphs of a detector with their weights, on any engine. */
public interface DetectionNetwork {
    /**
     * Runs the trunk, the pyramid and the head of the proposals.
     *
     * @param pixels {@code [B, 3, H, W]}, normalised
     * @return the outputs of {@link io.github.hiera4j.detect.network.MaskRcnn#pyramidOutputs}
     */
    Map<String, HostTensor> pyramid(HostTensor pixels);

    /**
     * Runs the heads on boxes of one image.
     *
     * @param feeds p2 to p5 of one image, and its boxes
     * @param outputs names of the head graph's outputs
     * @return the outputs by name
     */
    Map<String, HostTensor> heads(Map<String, HostTensor> feeds, List<String> outputs);
}
