package io.github.hiera4j.train.objective;

import io.github.hiera4j.train.metrics.Evaluation;
import java.util.Map;
import java.util.Optional;

/** A measurement that collects everything in one {@link Evaluation}. */
abstract class EvaluationMeasurement implements Measurement {
    private final Evaluation evaluation;

    EvaluationMeasurement(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    final Evaluation evaluation() {
        return evaluation;
    }

    @Override
    public final Optional<byte[]> collected() {
        return Optional.of(evaluation.toBytes());
    }

    @Override
    public final void addCollected(byte[] collected) {
        evaluation.addAll(collected);
    }

    @Override
    public final Map<String, Double> figures() {
        return evaluation.figures();
    }

    @Override
    public final double score() {
        return evaluation.score();
    }
}
