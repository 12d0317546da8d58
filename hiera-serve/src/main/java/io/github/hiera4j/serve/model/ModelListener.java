package io.github.hiera4j.serve.model;

import io.github.hiera4j.serve.schedule.BatchListener;

/** Receives events of the models, for metrics and messages. */
public interface ModelListener {
    /** Ignores all events. */
    ModelListener NONE = new ModelListener() {};

    /**
     * Returns the listener for a model's batches.
     *
     * @param model the name of a model
     * @return the listener
     */
    default BatchListener batches(String model) {
        return BatchListener.NONE;
    }

    /**
     * Reports a note for the user about how a model was loaded.
     *
     * @param model the name of a model
     * @param note one line
     */
    default void noted(String model, String note) {}

    /**
     * Reports that a changed file has been loaded and replaces the model that was served under its name.
     *
     * @param model the name of a model
     */
    default void reloaded(String model) {}

    /**
     * Reports that a changed file cannot be loaded; the previous model is still served.
     *
     * @param model the name of a model
     * @param reason one line
     */
    default void reloadFailed(String model, String reason) {}
}
