package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.model.DetectionNetwork;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.train.FrozenWeights;
import java.util.List;
import java.util.Map;

/**
 * A detector in training, frozen for an evaluation.
 *
 * @param weights as they are
 * @param pyramid the first graph
 * @param heads the second graph
 */
record FrozenNetwork(FrozenWeights weights, Graph pyramid, Graph heads) implements DetectionNetwork {

    static FrozenNetwork of(MaskRcnnConfig config, FrozenWeights weights) {
        MaskRcnn network = new MaskRcnn(config);
        return new FrozenNetwork(
                weights, network.pyramidGraph().select(MaskRcnn.pyramidOutputs()), network.headGraph());
    }

    @Override
    public Map<String, HostTensor> pyramid(HostTensor pixels) {
        return weights.run(pyramid, Map.of(HieraEncoder.INPUT, pixels)).tensors();
    }

    @Override
    public Map<String, HostTensor> heads(Map<String, HostTensor> feeds, List<String> outputs) {
        return weights.run(heads.select(outputs), feeds).tensors();
    }
}
