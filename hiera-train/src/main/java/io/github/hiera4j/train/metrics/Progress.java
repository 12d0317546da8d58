package io.github.hiera4j.train.metrics;

import java.util.Map;

/** Hears how a run goes. Called on the training thread. */
public interface Progress {
    /** Hears nothing. */
    Progress SILENT = new Progress() {};

    /**
     * A step is done.
     *
     * @param loss mean over the last steps
     * @param samplesPerSecond over the last steps
     */
    record Step(
            long step,
            long steps,
            int epoch,
            double loss,
            double learningRate,
            double gradientNorm,
            double samplesPerSecond) {
        /**
         * {@return seconds to the end at this speed, evaluations not counted}
         *
         * @param batch batches done so far
         */
        public double secondsLeft(int batch) {
            return (steps - step) * batch / samplesPerSecond;
        }
    }

    /**
     * Follows the training.
     *
     * @param step where the training is
     */
    default void step(Step step) {}

    /**
     * Held-out samples were evaluated.
     *
     * @param step updates so far
     * @param figures numbers by name
     */
    default void evaluated(long step, Map<String, Double> figures) {}

    /**
     * Samples were shown to a frozen model.
     *
     * @param what is being done
     * @param done views so far
     * @param total views in all
     */
    default void views(String what, long done, long total) {}

    /**
     * Something worth a line.
     *
     * @param line one line
     */
    default void note(String line) {}
}
