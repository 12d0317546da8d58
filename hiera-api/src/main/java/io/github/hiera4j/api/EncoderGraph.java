package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.BlockPlan;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.LoadReport;
import java.util.List;
import java.util.function.Function;

/** Graphs for {@link HieraGraph}: the encoder of a model with all tokens visible, and the names of its intermediate results. */
public final class EncoderGraph {
    private EncoderGraph() {}

    /**
     * Returns the graph of an encoder, with its head if it has one; an autoencoder's encoder sees all mask units.
     *
     * @param config the configuration of a checkpoint
     * @return a graph with the stage maps, and for classifiers the logits
     */
    public static Graph of(ModelConfig config) {
        return config.encoderGraph();
    }

    /**
     * Returns a function that creates the graph of a checkpoint's encoder, which may be that of an autoencoder, at an input size.
     *
     * @param checkpoint the model's files; their tensors are compared with those of the graph by this call
     * @return from the configuration at a size to the graph
     * @throws io.github.hiera4j.model.HieraException if tensors are missing or have other shapes
     */
    public static Function<HieraConfig, Graph> matching(Checkpoint checkpoint) {
        if (!checkpoint.config().isHiera()) {
            return ofOther(checkpoint);
        }
        if (checkpoint.config() instanceof HieraConfig config) {
            Graph own = config.inferenceGraph();
            LoadReport.compare(own.parameters(), checkpoint.weights()).requireExact();
            return config.finalNorm()
                    ? sized -> sized.inputSize().equals(config.inputSize()) ? own : sized.inferenceGraph()
                    : sized -> ofAutoencoder(sized, false);
        }
        boolean normed = checkpoint.weights().contains("norm.weight");
        Graph graph = ofAutoencoder(checkpoint.config().encoder(), normed);
        LoadReport report = LoadReport.compare(graph.parameters(), checkpoint.weights());
        if (!report.missing().isEmpty() || !report.wrongShape().isEmpty()) {
            report.requireExact();
        }
        return config -> ofAutoencoder(config, normed);
    }

    /** Returns the graph of a model that Hiera is compared with, which runs only at its own size. */
    private static Function<HieraConfig, Graph> ofOther(Checkpoint checkpoint) {
        ModelConfig model = checkpoint.config();
        Graph graph = model.encoderGraph();
        LoadReport report = LoadReport.compare(graph.parameters(), checkpoint.weights());
        boolean isIncomplete =
                !report.missing().isEmpty() || !report.wrongShape().isEmpty();
        if (isIncomplete || !model.isAutoencoder()) { // a decoder is ignored
            report.requireExact();
        }
        return sized -> {
            checkSupported(
                    sized.inputSize().equals(model.encoder().inputSize()),
                    "%s: %s runs only at its own size %s",
                    checkpoint.path(),
                    model.architecture(),
                    model.encoder().inputSize());
            return graph;
        };
    }

    /** Builds an autoencoder's encoder, or one without a final norm: the embedding is the mean over all tokens. */
    private static Graph ofAutoencoder(HieraConfig config, boolean normed) {
        GraphBuilder g = new GraphBuilder();
        HieraEncoder encoder =
                new HieraEncoder(config.toBuilder().dropPathRate(0).build());
        HieraEncoder.Result encoded = encoder.build(g, encoder.input(g));
        for (int stage = 1; stage <= encoded.stages().size(); stage++) {
            g.output(Hiera.stage(stage), encoded.stages().get(stage - 1));
        }
        Value pooled = g.mean(encoded.tokens(), 1); // [B, C]
        g.output(Hiera.EMBEDDING, normed ? g.layerNorm(pooled, "norm", config.layerNormEps()) : pooled);
        return g.build();
    }

    /**
     * Returns the name of the node that computes queries, keys and values of a block.
     *
     * @param block from 0
     * @return the name
     */
    public static String qkv(int block) {
        return "blocks." + block + ".attn.qkv";
    }

    /**
     * Returns the attention node of a block.
     *
     * @param graph a graph with that block
     * @param block from 0
     * @return the node, whose operation is {@link Op.Attention}
     */
    public static Node attention(Graph graph, int block) {
        String name = "blocks." + block + ".attn.attention";
        return graph.nodes().stream()
                .filter(node -> node.name().equals(name) && node.op() instanceof Op.Attention)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Returns the name of the node with the output tokens of a stage's last block, unrolled, {@code [B, N, C]}.
     *
     * @param graph a graph with that stage
     * @param config its settings
     * @param stage from 1
     * @return the name of the node
     */
    public static String stageTokens(Graph graph, HieraConfig config, int stage) {
        int last = config.stages().subList(0, stage).stream()
                        .mapToInt(Integer::intValue)
                        .sum()
                - 1;
        String prefix = "blocks." + last + ".add";
        List<Node> sums = graph.nodes().stream()
                .filter(node -> node.name().startsWith(prefix))
                .toList();
        return sums.get(sums.size() - 1).name();
    }

    /**
     * Returns the number of query poolings up to and including a block.
     *
     * @param config the settings of an encoder
     * @param block from 0; -1: before the first
     * @return the number of poolings
     */
    public static int poolingsAfter(HieraConfig config, int block) {
        return (int) BlockPlan.of(config).stream()
                .limit(block + 1L)
                .filter(plan -> plan.queryPool() > 1)
                .count();
    }
}
