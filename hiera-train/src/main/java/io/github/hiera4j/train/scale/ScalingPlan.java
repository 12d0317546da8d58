package io.github.hiera4j.train.scale;

import static io.github.hiera4j.model.Check.check;

/**
 * How efficient data-parallel training is on more machines, from what is measured on few. A model, not a measurement: it leaves out
 * processes that are slower than others.
 *
 * <p>A ring all-reduce sends {@code 2 (N - 1) / N} times the gradient from every process, {@code exchange(N)} seconds at the network's
 * rate. The backward pass hides up to {@code hidden} times the step's computing time of it:
 * {@code step(N) = max(loading, compute + max(0, exchange(N) - hidden * compute))}, since samples are made meanwhile, and the efficiency is
 * {@code step(1) / step(N)}.
 *
 * @param computeSeconds of a step in one process, without exchange
 * @param gradientBytes that are added over all processes in a step
 * @param bitsPerSecond that a process sends
 * @param hidden share of the computing time behind which the exchange can hide, 0 to 1
 * @param loadingSeconds in which the loading threads of a process make its samples of a step; 0: they are never waited for
 */
public record ScalingPlan(
        double computeSeconds, double gradientBytes, double bitsPerSecond, double hidden, double loadingSeconds) {
    /** The backward pass is two thirds of a step, and its last bucket cannot be hidden. */
    public static final double HIDDEN = 0.6;

    /**
     * Checks the values.
     *
     * @param computeSeconds of a step in one process, without exchange
     * @param gradientBytes that are added over all processes in a step
     * @param bitsPerSecond that a process sends
     * @param hidden share of the computing time behind which the exchange can hide, 0 to 1
     * @param loadingSeconds in which a process makes its samples of a step
     * @throws io.github.hiera4j.model.HieraException if one is out of its range
     */
    public ScalingPlan {
        check(computeSeconds > 0 && computeSeconds < 1e6, "a step takes more than 0 s, got %s", computeSeconds);
        check(gradientBytes > 0 && gradientBytes < 1e15, "a gradient has more than 0 bytes, got %s", gradientBytes);
        check(bitsPerSecond > 0 && bitsPerSecond < 1e15, "a network sends more than 0 bits, got %s", bitsPerSecond);
        check(loadingSeconds >= 0 && loadingSeconds < 1e6, "loading takes 0 s or more, got %s", loadingSeconds);
        check(hidden >= 0 && hidden <= 1, "the hidden share must be 0 to 1, got %s", hidden);
    }

    /**
     * Samples are never waited for.
     *
     * @param computeSeconds of a step in one process, without exchange
     * @param gradientBytes that are added over all processes in a step
     * @param bitsPerSecond that a process sends
     * @param hidden share of the computing time behind which the exchange can hide, 0 to 1
     */
    public ScalingPlan(double computeSeconds, double gradientBytes, double bitsPerSecond, double hidden) {
        this(computeSeconds, gradientBytes, bitsPerSecond, hidden, 0);
    }

    /**
     * Bytes that each process sends in a step.
     *
     * @param processes from 1
     * @return the bytes
     */
    public double sentBytes(int processes) {
        return 2.0 * (processes - 1) / processes * gradientBytes;
    }

    /**
     * The time of a step.
     *
     * @param processes from 1
     * @return seconds
     */
    public double stepSeconds(int processes) {
        double exchange = 8 * sentBytes(processes) / bitsPerSecond;
        return Math.max(loadingSeconds, computeSeconds + Math.max(0, exchange - hidden * computeSeconds));
    }

    /**
     * Samples per second and process, compared with one process.
     *
     * @param processes from 1
     * @return 0 to 1
     */
    public double efficiency(int processes) {
        return stepSeconds(1) / stepSeconds(processes);
    }
}
