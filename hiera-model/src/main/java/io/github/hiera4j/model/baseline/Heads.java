package io.github.hiera4j.model.baseline;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;

/** The outputs that the graphs of all baselines share. */
final class Heads {
    private Heads() {}

    /** Adds logits and probabilities. */
    static void classes(GraphBuilder g, Value logits) {
        g.output(Hiera.LOGITS, logits);
        g.output(Hiera.PROBABILITIES, g.softmax(logits));
    }

    /** Adds logits and the cross-entropy with the targets. */
    static void loss(GraphBuilder g, Value logits) {
        Value targets = g.input(Hiera.TARGETS, logits.shape());
        g.output(Hiera.LOGITS, logits);
        g.output(Hiera.LOSS, g.crossEntropy(logits, targets));
    }
}
