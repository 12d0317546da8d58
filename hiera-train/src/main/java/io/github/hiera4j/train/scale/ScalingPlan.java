package io.github.hiera4j.train.scale;

import static io.github.hiera4j.model.Check.check;

/**
 * Estimates the efficiency of data-parallel training on many machines from measurements on few. It is a model, not a measurement: it
 * ignores processes that are slower than others.
 *
 * <p>In a ring all-reduce, every process sends {@code 2 (N - 1) / N} times the gradient, which takes {@code exchange(N)} seconds at the
 * network's rate. The backward pass hides up to {@code hidden} times the step's computing time of it:
 * {@code step(N) = max(loading, compute + max(0, exchange(N) - hidden * compute))}, since samples are loaded at the same time, and the
 * efficiency is {@code step(1) / step(N)}.
 *
 * @param computeSeconds seconds of a step in one process, without exchange
 * @param gradientBytes size of the gradient that is summed over all processes in a step
 * @param bitsPerSecond send rate of a process
 * @param hidden fraction of the computing time that can overlap with the exchange, 0 to 1
 * @param loadingSeconds seconds that the loading threads of a process need for the samples of a step; 0 if no step waits for loading
 */
public record ScalingPlan(
        double computeSeconds, double gradientBytes, double bitsPerSecond, double hidden, double loadingSeconds) {
    /** The backward pass is two thirds of a step, and its last bucket cannot be hidden. */
    public static final double HIDDEN = 0.6;

    /**
     * Checks the values.
     *
     * @param computeSeconds seconds of a step in one process, without exchange
     * @param gradientBytes size of the gradient that is summed over all processes in a step
     * @param bitsPerSecond send rate of a process
     * @param hidden fraction of the computing time that can overlap with the exchange, 0 to 1
     * @param loadingSeconds seconds that the loading threads of a process need for the samples of a step
     * @throws io.github.hiera4j.model.HieraException if one is out of range
     */
    public ScalingPlan {
        check(
                computeSeconds > 0 && computeSeconds < 1e6,
                "the time of a step must be above 0 s and below 1e6 s, got %s",
                computeSeconds);
        check(
                gradientBytes > 0 && gradientBytes < 1e15,
                "the size of the gradient must be above 0 and below 1e15 bytes, got %s",
                gradientBytes);
        check(
                bitsPerSecond > 0 && bitsPerSecond < 1e15,
                "the send rate must be above 0 and below 1e15 bits per second, got %s",
                bitsPerSecond);
        check(
                loadingSeconds >= 0 && loadingSeconds < 1e6,
                "the loading time must be 0 s or more and below 1e6 s, got %s",
                loadingSeconds);
        check(hidden >= 0 && hidden <= 1, "the hidden fraction must be 0 to 1, got %s", hidden);
    }

    /**
     * Creates a plan in which no step waits for loading.
     *
     * @param computeSeconds seconds of a step in one process, without exchange
     * @param gradientBytes size of the gradient that is summed over all processes in a step
     * @param bitsPerSecond send rate of a process
     * @param hidden fraction of the computing time that can overlap with the exchange, 0 to 1
     */
    public ScalingPlan(double computeSeconds, double gradientBytes, double bitsPerSecond, double hidden) {
        this(computeSeconds, gradientBytes, bitsPerSecond, hidden, 0);
    }

    /**
     * Returns the number of bytes that each process sends in a step.
     *
     * @param processes from 1
     * @return the bytes
     */
    public double sentBytes(int processes) {
        return 2.0 * (processes - 1) / processes * gradientBytes;
    }

    /**
     * Returns the time of a step.
     *
     * @param processes from 1
     * @return seconds
     */
    public double stepSeconds(int processes) {
        double exchange = 8 * sentBytes(processes) / bitsPerSecond;
        return Math.max(loadingSeconds, computeSeconds + Math.max(0, exchange - hidden * computeSeconds));
    }

    /**
     * Returns the efficiency: samples per second and process, relative to one process.
     *
     * @param processes from 1
     * @return 0 to 1
     */
    public double efficiency(int processes) {
        return stepSeconds(1) / stepSeconds(processes);
    }
}
