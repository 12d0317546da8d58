package io.github.hiera4j.train.trace;

import java.util.List;
import java.util.Set;

/** The kinds of activities that a picture of a step distinguishes. */
public enum Activity {
    /** The forward pass. */
    FORWARD("forward pass", "#0072b2"),
    /** The backward pass. */
    BACKWARD("backward pass", "#56b4e9"),
    /** Clipping and the optimiser. */
    UPDATE("update", "#009e73"),
    /** Waiting for samples, and preparing the inputs of the network. */
    DATA("data", "#e69f00"),
    /** Waiting for other processes. */
    WAITING("waiting for processes", "#d55e00"),
    /** Sending and receiving, concurrently with the other activities. */
    EXCHANGE("exchange", "#cc79a7");

    /** The name of waiting for samples in profiles and traces. */
    public static final String WAIT_FOR_DATA = "wait for data";

    /** The name of preparing the network's inputs in profiles and traces. */
    public static final String INPUTS = "inputs";

    /** The name of summing losses and other figures over all processes in profiles and traces. */
    public static final String FIGURES = "figures of all processes";

    private static final Set<String> OF_DATA = Set.of(WAIT_FOR_DATA, INPUTS);
    private static final Set<String> OF_WAITING =
            Set.of(FIGURES, "wait for other processes", "parameters of other processes");
    private static final List<String> OF_BACKWARD =
            List.of(" backward", " weight gradient", " bias gradient", " input gradient");

    private final String label;
    private final String colour;

    Activity(String label, String colour) {
        this.label = label;
        this.colour = colour;
    }

    /** {@return the name of the kind in a legend} */
    public String label() {
        return label;
    }

    String colour() {
        return colour;
    }

    /**
     * Returns the kind of an activity of the training thread.
     *
     * @param what the name of the activity in a profile
     * @return the kind; never {@link #EXCHANGE}
     */
    public static Activity of(String what) {
        if (OF_DATA.contains(what)) {
            return DATA;
        }
        if (OF_WAITING.contains(what)) {
            return WAITING;
        }
        if (what.endsWith(" forward")) {
            return FORWARD;
        }
        return OF_BACKWARD.stream().anyMatch(what::endsWith) ? BACKWARD : UPDATE;
    }
}
