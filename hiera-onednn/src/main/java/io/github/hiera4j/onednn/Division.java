package io.github.hiera4j.onednn;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * How the samples of a batch are divided among threads.
 *
 * <p>If there are enough samples, every thread computes its own samples and takes the next piece when it is free: threads never
 * wait for each other within a network, so that another program on the machine slows down only one of them. Pieces are small
 * for the same reason, and because activations then stay in the cache of one core. Only if there are fewer samples than threads, each is
 * computed by several threads.
 */
final class Division {
    /** Elements of the widest tensor of a piece: one image of a base model. Measured, see docs/performance-onednn.md. */
    private static final long WIDEST = 2 << 20;

    /** Pieces per thread if there are enough samples, so that the others can take over work of a slow thread. */
    private static final int PIECES_EACH = 4;

    private Division() {}

    /**
     * Consecutive samples that are computed together.
     *
     * @param first the first sample
     * @param samples number of samples, 1 or more
     * @param threads threads that compute them together, 1 or more
     */
    record Piece(int first, int samples, int threads) {}

    /**
     * Returns the pieces of a batch, in the order of its samples; a single piece if an output combines samples.
     *
     * @param graph what is computed
     * @param batch samples, 1 or more
     * @param threads threads to divide them among
     */
    static List<Piece> of(Graph graph, int batch, int threads) {
        boolean separable =
                graph.outputs().values().stream().allMatch(node -> node.shape().isSymbolic());
        if (!separable) {
            return List.of(new Piece(0, batch, threads));
        }
        int left = batch % threads;
        int alone = batch - left;
        List<Piece> pieces = new ArrayList<>();
        int size = samplesOfAPiece(graph, alone / threads);
        for (int first = 0; first < alone; first += size) {
            pieces.add(new Piece(first, Math.min(size, alone - first), 1));
        }
        for (int sample = alone; sample < batch; sample++) {
            pieces.add(new Piece(sample, 1, threads / left));
        }
        return pieces;
    }

    private static int samplesOfAPiece(Graph graph, int samplesOfAThread) {
        long widest = 1;
        for (Node node : graph.nodes()) {
            if (node.shape().isSymbolic() && !(node.op() instanceof Op.Input)) {
                widest = Math.max(widest, node.shape().elements());
            }
        }
        long fitting = Math.max(1, WIDEST / widest);
        return (int) Math.min(fitting, Math.max(1, samplesOfAThread / PIECES_EACH));
    }
}
