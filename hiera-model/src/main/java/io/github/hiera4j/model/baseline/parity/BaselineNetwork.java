package io.github.hiera4j.model.baseline.parity;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The network of a case: graphs, the formula's names for their parameters, and masks. */
interface BaselineNetwork {
    Graph inference();

    Graph training();

    /** Returns the formula's names of parameters. */
    UnaryOperator<String> names();

    /** Channels of the first block. */
    int channels();

    /** Returns the number of units of a mask; 0 for a classifier. */
    default int maskUnits() {
        return 0;
    }

    /** Returns the inputs of a graph for a mask. */
    default Map<String, HostTensor> maskFeeds(MaskUnits mask) {
        return Map.of();
    }

    /** A classifier. */
    record Classifier(BaselineModel model, int channels, UnaryOperator<String> names) implements BaselineNetwork {
        @Override
        public Graph inference() {
            return model.inferenceGraph();
        }

        @Override
        public Graph training() {
            return model.trainingGraph();
        }
    }

    /** A rung as an autoencoder. */
    record Autoencoder(LadderMae model, double maskRatio) implements BaselineNetwork {
        @Override
        public Graph inference() {
            return model.inferenceGraph(MaskUnits.keepCount(maskUnits(), maskRatio));
        }

        @Override
        public Graph training() {
            return model.trainingGraph(maskRatio);
        }

        @Override
        public UnaryOperator<String> names() {
            return UnaryOperator.identity();
        }

        @Override
        public int channels() {
            return model.encoder().embedDim();
        }

        @Override
        public int maskUnits() {
            return Axes.product(model.encoder().unitGrid());
        }

        @Override
        public Map<String, HostTensor> maskFeeds(MaskUnits mask) {
            return mask.feeds(model.mae());
        }
    }

    /** ViT as an autoencoder. */
    record VitAutoencoder(VisionTransformerMae model, double maskRatio) implements BaselineNetwork {
        @Override
        public Graph inference() {
            return model.graph(MaskUnits.keepCount(maskUnits(), maskRatio));
        }

        @Override
        public Graph training() {
            return inference();
        }

        @Override
        public UnaryOperator<String> names() {
            return UnaryOperator.identity();
        }

        @Override
        public int channels() {
            return model.encoder().embedDim();
        }

        @Override
        public int maskUnits() {
            return model.transformer().patches();
        }

        @Override
        public Map<String, HostTensor> maskFeeds(MaskUnits mask) {
            return model.feeds(mask);
        }
    }
}
