package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.model.DetectionNetwork;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.train.FrozenWeights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A detector in training, frozen for an evaluation. The graphs are built once for all batches. */
final class FrozenNetwork {
    private final Graph pyramid;
    private final Graph heads;
    private final Map<List<String>, Graph> selected = new HashMap<>();

    FrozenNetwork(MaskRcnnConfig config) {
        MaskRcnn network = new MaskRcnn(config);
        pyramid = network.pyramidGraph().select(MaskRcnn.pyramidOutputs());
        heads = network.headGraph();
    }

    /** Returns the network with the current weights. */
    DetectionNetwork with(FrozenWeights weights) {
        return new DetectionNetwork() {
            @Override
            public Map<String, HostTensor> pyramid(HostTensor pixels) {
                return weights.run(pyramid, Map.of(HieraEncoder.INPUT, pixels)).tensors();
            }

            @Override
            public Map<String, HostTensor> heads(Map<String, HostTensor> feeds, List<String> outputs) {
                return weights.run(selected.computeIfAbsent(outputs, heads::select), feeds)
                        .tensors();
            }
        };
    }
}
