package io.github.hiera4j.train.objective;

import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.ReportSection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One evaluation of a model on validation samples: collects batches, then computes the figures. */
public interface Measurement {
    /**
     * Adds a batch.
     *
     * @param weights the model as it is
     * @param batch samples and their labels
     * @param firstSample samples before this batch (the whole one, where it is a part), for random numbers that are the same in
     *     every evaluation
     * @throws io.github.hiera4j.model.HieraException if a result is not finite
     */
    void add(FrozenWeights weights, Batch batch, long firstSample);

    /**
     * What was collected, for {@link #addCollected} in another process.
     *
     * @return empty if this kind of measurement cannot be divided among processes: then each process measures all samples
     */
    default Optional<byte[]> collected() {
        return Optional.empty();
    }

    /**
     * Adds what a measurement of the same kind has collected in another process.
     *
     * @param collected what {@link #collected} gave there
     */
    default void addCollected(byte[] collected) {
        throw new UnsupportedOperationException("this measurement cannot be divided among processes");
    }

    /** {@return the figures by name, as they are logged} */
    Map<String, Double> figures();

    /** {@return a number that is larger for a better model; {@code best/} keeps the model with the largest} */
    double score();

    /** {@return what a report shows of it beside the figures} */
    default List<ReportSection> sections() {
        return List.of();
    }

    /** {@return the predictions, for reports; empty unless classes are predicted} */
    default Optional<Evaluation> predictions() {
        return Optional.empty();
    }
}
