package io.github.hiera4j.train.metrics;

import java.util.Map;

/** Receives the progress of a run. Called on the training thread. */
public interface Progress {
    /** Ignores everything. */
    Progress SILENT = new Progress() {};

    /**
     * The state after a step.
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
         * {@return the estimated seconds to the end at this speed, without evaluations}
         *
         * @param batch batches done so far
         */
        public double secondsLeft(int batch) {
            return (steps - step) * batch / samplesPerSecond;
        }
    }

    /**
     * Called after a step.
     *
     * @param step the state of the training
     */
    default void step(Step step) {}

    /**
     * Called after held-out samples were evaluated.
     *
     * @param step updates so far
     * @param figures numbers by name
     */
    default void evaluated(long step, Map<String, Double> figures) {}

    /**
     * Called after a frozen model processed samples.
     *
     * @param what title of the work
     * @param done views so far
     * @param total number of views to process
     */
    default void views(String what, long done, long total) {}

    /**
     * Called with a note for the user.
     *
     * @param line one line
     */
    default void note(String line) {}
}
