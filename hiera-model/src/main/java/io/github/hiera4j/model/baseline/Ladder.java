package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;

/**
 * A rung with its classification head. MViTv2 normalises tokens, then averages them; from rung a on the order is Hiera's.
 *
 * <p>Graphs have the outputs of {@link Hiera}.
 */
record Ladder(LadderConfig config) {

    /** Builds the graph with stage maps, embedding, logits and probabilities. */
    Graph inferenceGraph() {
        GraphBuilder g = new GraphBuilder();
        Value logits = build(g);
        if (config.numClasses() > 0) {
            g.output(Hiera.LOGITS, logits);
            g.output(Hiera.PROBABILITIES, g.softmax(logits));
        }
        return g.build();
    }

    Graph trainingGraph() {
        check(config.numClasses() > 0, "training needs a head: num_classes is 0");
        GraphBuilder g = new GraphBuilder();
        Heads.loss(g, build(g));
        return g.build();
    }

    private Value build(GraphBuilder g) {
        LadderEncoder encoder = new LadderEncoder(config);
        HieraEncoder.Result encoded = encoder.build(g, new HieraEncoder(config.hiera()).input(g));
        for (int stage = 0; stage < encoded.stages().size(); stage++) {
            g.output(Hiera.stage(stage + 1), encoded.stages().get(stage));
        }
        double epsilon = config.hiera().layerNormEps();
        Value embedding = config.rung().separatesUnits()
                ? g.layerNorm(g.mean(encoded.tokens(), 1), "norm", epsilon)
                : g.mean(g.layerNorm(encoded.tokens(), "norm", epsilon), 1);
        g.output(Hiera.EMBEDDING, embedding);
        return config.numClasses() == 0
                ? embedding
                : g.scope("head")
                        .linear(g.dropout(embedding, config.hiera().headDropout()), "projection", config.numClasses());
    }
}
