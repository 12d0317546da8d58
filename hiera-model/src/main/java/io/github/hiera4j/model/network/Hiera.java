package io.github.hiera4j.model.network;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;

/**
 * Hiera with its classification head (paper Figure 2): encoder, mean over tokens, LayerNorm, linear.
 *
 * <p>The graphs' input is {@link HieraEncoder#INPUT}; their outputs are named by the constants here.
 */
public record Hiera(HieraConfig config) {
    /** Class scores before the softmax, {@code [B, classes]}. */
    public static final String LOGITS = "logits";

    /** Class probabilities, {@code [B, classes]}. */
    public static final String PROBABILITIES = "probabilities";

    /** The pooled and normalised token, {@code [B, C]}: the input of the head. */
    public static final String EMBEDDING = "embedding";

    /** Training input: the targets {@code [B, classes]}, each row a distribution. */
    public static final String TARGETS = "targets";

    /** Training output: the mean cross-entropy, {@code [1]}. */
    public static final String LOSS = "loss";

    /**
     * {@return the name of the output with a stage's map {@code [B, (T,) H, W, C]}}
     *
     * @param number number of the stage, from 1
     */
    public static String stage(int number) {
        return "stage" + number;
    }

    /**
     * Builds the graph without drop path and dropout, with stage maps, embedding, logits and probabilities.
     *
     * @return the graph
     */
    public Graph inferenceGraph() {
        HieraConfig still = config.toBuilder().dropPathRate(0).headDropout(0).build();
        GraphBuilder g = new GraphBuilder();
        Value logits = new Hiera(still).build(g);
        if (config.numClasses() > 0) {
            g.output(LOGITS, logits);
            g.output(PROBABILITIES, g.softmax(logits));
        }
        return g.build();
    }

    /**
     * Builds the graph with drop path and dropout as configured, and the cross-entropy with the {@link #TARGETS}.
     *
     * @return the graph
     */
    public Graph trainingGraph() {
        check(config.numClasses() > 0, "training needs a head: num_classes is 0");
        GraphBuilder g = new GraphBuilder();
        Value logits = build(g);
        Value targets = g.input(TARGETS, Shape.batched(config.numClasses()));
        g.output(LOGITS, logits);
        g.output(LOSS, g.crossEntropy(logits, targets));
        return g.build();
    }

    /** Builds up to the logits, or up to the embedding if there is no head, or up to the last tokens if there is no final norm. */
    private Value build(GraphBuilder g) {
        HieraEncoder encoder = new HieraEncoder(config);
        HieraEncoder.Result encoded = encoder.build(g, encoder.input(g));
        for (int stage = 0; stage < encoded.stages().size(); stage++) {
            g.output(stage(stage + 1), encoded.stages().get(stage));
        }
        if (!config.finalNorm()) {
            return encoded.tokens();
        }
        Value pooled = pool(g, encoded.tokens()); // [B, C]
        Value embedding = g.layerNorm(pooled, "norm", config.layerNormEps());
        g.output(EMBEDDING, embedding);
        if (config.numClasses() == 0) {
            return embedding;
        }
        Value kept = g.dropout(embedding, config.headDropout());
        return g.scope("head").linear(kept, "projection", config.numClasses()); // [B, classes]
    }

    /** Pools {@code [B, N, C]} to {@code [B, C]}. */
    private Value pool(GraphBuilder g, Value tokens) {
        return switch (config.globalPool()) {
            case AVG -> g.mean(tokens, 1);
            case MAX -> g.max(tokens, 1);
            case AVGMAX -> {
                Value sum = g.add(g.mean(tokens, 1), g.max(tokens, 1));
                yield g.multiply(sum, g.constant("half", halves(tokens.size(2))));
            }
        };
    }

    private static HostTensor halves(int channels) {
        HostTensor halves = HostTensor.allocate(DType.FLOAT32, Shape.of(1, channels));
        for (int channel = 0; channel < channels; channel++) {
            halves.floats().put(channel, 0.5f);
        }
        return halves;
    }
}
