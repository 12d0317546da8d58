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
     * @param weights the model's current weights
     * @param batch samples and their labels
     * @param firstSample number of samples before this batch (before the whole batch if this is a part of it), for random numbers that
     *     are the same in every evaluation
     * @throws io.github.hiera4j.model.HieraException if a result is not finite
     */
    void add(FrozenWeights weights, Batch batch, long firstSample);

    /**
     * Returns the collected measurements, for {@link #addCollected} in another process.
     *
     * @return empty if this kind of measurement cannot be divided among processes; then each process measures all samples
     */
    default Optional<byte[]> collected() {
        return Optional.empty();
    }

    /**
     * Adds the measurements that were collected in another process by a measurement of the same kind.
     *
     * @param collected the result of {@link #collected} in that process
     */
    default void addCollected(byte[] collected) {
        throw new UnsupportedOperationException("this measurement cannot be divided among processes");
    }

    /** {@return the figures by name, as they are logged} */
    Map<String, Double> figures();

    /** {@return a score that is larger for a better model; {@code best/} keeps the model with the largest one} */
    double score();

    /** {@return the sections that a report shows in addition to the figures} */
    default List<ReportSection> sections() {
        return List.of();
    }

    /** {@return the predictions, for reports; empty unless classes are predicted} */
    default Optional<Evaluation> predictions() {
        return Optional.empty();
    }
}
