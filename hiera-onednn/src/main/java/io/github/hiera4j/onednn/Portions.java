package io.github.hiera4j.onednn;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;

/**
 * How many samples of a batch to run through the network at a time.
 *
 * <p>A large batch gains nothing once its activations fall out of the cache: portions whose widest tensor stays in it are
 * faster, need memory for one portion only, and let batches of any size share two or three plans.
 */
final class Portions {
    /** Elements of the widest tensor of a portion: four images of a base model. Measured, see docs/performance-onednn.md. */
    private static final long WIDEST = 8 << 20;

    private Portions() {}

    /** Samples of one portion, 1 to {@code batch}; the whole batch where an output joins samples. */
    static int size(Graph graph, int batch) {
        boolean separable =
                graph.outputs().values().stream().allMatch(node -> node.shape().isSymbolic());
        if (!separable) {
            return batch;
        }
        long widest = 1;
        for (Node node : graph.nodes()) {
            if (node.shape().isSymbolic() && !(node.op() instanceof Op.Input)) {
                widest = Math.max(widest, node.shape().elements());
            }
        }
        long portion = Math.max(1, WIDEST / widest);
        return (int) Math.min(batch, portion);
    }
}
