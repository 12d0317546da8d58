package io.github.hiera4j.bench;

import io.github.hiera4j.model.timing.Spread;

/**
 * The time of the runs of one case.
 *
 * @param time of one run, in milliseconds
 * @param batch samples per run
 * @param nativeBytes native memory that the session held
 */
public record RunTime(Spread time, int batch, long nativeBytes) {
    /** {@return samples per second, at the median time} */
    public double samplesPerSecond() {
        return batch * 1e3 / time.median();
    }
}
