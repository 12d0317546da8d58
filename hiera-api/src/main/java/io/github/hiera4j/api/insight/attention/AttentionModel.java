package io.github.hiera4j.api.insight.attention;

import io.github.hiera4j.api.EncoderGraph;
import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Computes the attention of a model's blocks: for classifiers, encoders without a head, and autoencoders, whose encoder sees all mask
 * units here. Safe to call from several threads; holds native memory until it is closed.
 */
public final class AttentionModel implements AutoCloseable {
    private final HieraGraph model;
    private final List<String> outputs;

    private AttentionModel(HieraGraph model) {
        this.model = model;
        outputs = names(model.encoder());
    }

    /**
     * Loads a checkpoint.
     *
     * @param weights a checkpoint of any kind of Hiera
     * @param options the loading options
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if it cannot be loaded
     */
    public static AttentionModel load(Path weights, LoadOptions options) {
        return new AttentionModel(HieraGraph.load(weights, options, AttentionModel::graph));
    }

    private static Graph graph(ModelConfig config) {
        List<String> names = names(config.encoder());
        return EncoderGraph.of(config).exposing(names).select(names);
    }

    private static List<String> names(HieraConfig config) {
        return IntStream.range(0, config.depth()).mapToObj(EncoderGraph::qkv).toList();
    }

    /** {@return the network, for preparing views} */
    public HieraGraph model() {
        return model;
    }

    /** {@return the number of blocks of the model} */
    public int blocks() {
        return model.encoder().depth();
    }

    /**
     * Computes the attention for an image, or for the middle clip of a video.
     *
     * @param input the image or video
     * @return the attention of every block
     */
    public ViewAttention attend(MediaInput input) {
        return attend(model.view(input));
    }

    /**
     * Computes the attention for a view.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @return the attention of every block
     */
    public ViewAttention attend(HostTensor view) {
        HieraConfig config = model.encoder();
        Map<String, HostTensor> results = model.run(Map.of(HieraEncoder.INPUT, view), outputs);
        Graph whole = EncoderGraph.of(model.config());
        List<BlockAttention> blocks = new ArrayList<>();
        for (int block = 0; block < config.depth(); block++) {
            Op.Attention op =
                    (Op.Attention) EncoderGraph.attention(whole, block).op();
            HostTensor qkv =
                    Objects.requireNonNull(results.get(outputs.get(block))).slice(0);
            TokenGrid keys = new TokenGrid(config, EncoderGraph.poolingsAfter(config, block - 1));
            TokenGrid queries = new TokenGrid(config, EncoderGraph.poolingsAfter(config, block));
            blocks.add(new BlockAttention(block, op, qkv, keys, queries));
        }
        List<Integer> size = config.inputSize();
        int axes = size.size();
        return new ViewAttention(blocks, model.frames(), size.get(axes - 2), size.get(axes - 1));
    }

    @Override
    public void close() {
        model.close();
    }
}
