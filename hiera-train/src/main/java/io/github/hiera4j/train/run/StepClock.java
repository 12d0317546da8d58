package io.github.hiera4j.train.run;

/** Mean loss and speed of the last few steps. */
final class StepClock {
    private final int batch;
    private final int every;
    private double lossSum;
    private int steps;
    private long samples;
    private long start = System.nanoTime();

    StepClock(int batch, int every) {
        this.batch = batch;
        this.every = every;
    }

    void add(double loss, int size) {
        lossSum += loss;
        steps++;
        samples += size;
    }

    boolean isDue(long step, long lastStep) {
        return step % every == 0 || step == lastStep;
    }

    double loss() {
        return lossSum / steps;
    }

    double samplesPerSecond() {
        return Math.max(samples, batch) / ((System.nanoTime() - start) / 1e9);
    }

    void reset() {
        lossSum = 0;
        steps = 0;
        samples = 0;
        start = System.nanoTime();
    }
}
