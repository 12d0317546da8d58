package io.github.hiera4j.serve.model;

import io.github.hiera4j.serve.schedule.BatchListener;

/** Learns what happens to the models, for metrics and messages. */
public interface ModelListener {
    /** Listens to nothing. */
    ModelListener NONE = new ModelListener() {};

    /**
     * Who learns of a model's batches.
     *
     * @param model the name of a model
     * @return the listener
     */
    default BatchListener batches(String model) {
        return BatchListener.NONE;
    }

    /**
     * Something that a user should know about how a model was loaded.
     *
     * @param model the name of a model
     * @param note one line
     */
    default void noted(String model, String note) {}

    /**
     * A changed file has been loaded and replaces what was served under its name.
     *
     * @param model the name of a model
     */
    default void reloaded(String model) {}

    /**
     * A changed file cannot be loaded; the model that was served before still is.
     *
     * @param model the name of a model
     * @param reason one line
     */
    default void reloadFailed(String model, String reason) {}
}
