package io.github.hiera4j.train.trace;

import java.util.List;
import java.util.Set;

/** Kinds of activities, as a picture of a step tells them apart. */
public enum Activity {
    /** The forward pass. */
    FORWARD("forward pass", "#0072b2"),
    /** The backward pass. */
    BACKWARD("backward pass", "#56b4e9"),
    /** Clipping and the optimiser. */
    UPDATE("update", "#009e73"),
    /** Reading samples, and making the inputs of the network. */
    DATA("data", "#e69f00"),
    /** Waiting for other processes. */
    WAITING("waits for processes", "#d55e00"),
    /** Sending and receiving, beside everything else. */
    EXCHANGE("exchange", "#cc79a7");

    /** What {@link StepRecorder} and training steps call the wait for samples. */
    public static final String WAIT_FOR_DATA = "wait for data";

    /** What they call preparing the network's inputs. */
    public static final String INPUTS = "inputs";

    /** What they call bringing figures together. */
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

    /** {@return what a legend calls it} */
    public String label() {
        return label;
    }

    String colour() {
        return colour;
    }

    /**
     * The kind of an activity of the thread that makes steps.
     *
     * @param what its name in a profile
     * @return any but {@link #EXCHANGE}
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
