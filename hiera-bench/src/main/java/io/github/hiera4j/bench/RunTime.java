package io.github.hiera4j.bench;

import io.github.hiera4j.model.timing.Spread;

/**
 * How long runs of one case took.
 *
 * @param time of one run, in milliseconds
 * @param batch samples of a run
 * @param nativeBytes native memory that the session held
 */
public record RunTime(Spread time, int batch, long nativeBytes) {
    /** {@return samples a second, by the median} */
    public double samplesPerSecond() {
        return batch * 1e3 / time.median();
    }
}
