package io.github.hiera4j.train.run.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/** The mean loss, the means of its parts, and the speed of the steps since the last reset. */
public final class StepClock {
    private final int batch;
    private final int every;
    private final Map<String, Double> partSums = new LinkedHashMap<>();
    private double lossSum;
    private int steps;
    private long samples;
    private long start = System.nanoTime();

    /**
     * Starts the clock.
     *
     * @param batch samples per step
     * @param every number of steps that one figure covers
     */
    public StepClock(int batch, int every) {
        this.batch = batch;
        this.every = every;
    }

    /**
     * Adds a step.
     *
     * @param loss its loss
     * @param parts the parts of the loss by name; may be empty
     * @param size its number of samples
     */
    public void add(double loss, Map<String, Double> parts, int size) {
        lossSum += loss;
        parts.forEach((name, part) -> partSums.merge(name, part, Double::sum));
        steps++;
        samples += size;
    }

    /**
     * {@return whether a figure is due after a step}
     *
     * @param step its number, from 1
     * @param lastStep the number of the last step of the run
     */
    public boolean isDue(long step, long lastStep) {
        return step % every == 0 || step == lastStep;
    }

    /** {@return the mean loss} */
    public double loss() {
        return lossSum / steps;
    }

    /** {@return the means of the parts of the loss, by name} */
    public Map<String, Double> lossParts() {
        Map<String, Double> means = new LinkedHashMap<>();
        partSums.forEach((name, sum) -> means.put(name, sum / steps));
        return means;
    }

    /** {@return samples per second} */
    public double samplesPerSecond() {
        return Math.max(samples, batch) / ((System.nanoTime() - start) / 1e9);
    }

    /** Starts new means and a new measurement of time. */
    public void reset() {
        lossSum = 0;
        partSums.clear();
        steps = 0;
        samples = 0;
        start = System.nanoTime();
    }
}
