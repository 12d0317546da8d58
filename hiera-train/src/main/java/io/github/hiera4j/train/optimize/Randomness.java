package io.github.hiera4j.train.optimize;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random numbers that are determined by the run's seed and their position (step, epoch, sample, tensor).
 *
 * <p>Nothing is drawn from a shared stream. Results therefore do not depend on the number of workers, and a resumed run needs no
 * saved generator to continue bit for bit.
 */
public final class Randomness {
    private Randomness() {}

    /**
     * {@return a generator for one position}
     *
     * @param seed determines every random choice
     * @param position the use of the numbers, such as epoch and sample
     */
    public static RandomGenerator of(long seed, long... position) {
        return new SplittableRandom(mix(seed, position));
    }

    /**
     * {@return one number for one position, for generators that need a seed}
     *
     * @param seed determines every random choice
     * @param position the use of the numbers, such as epoch and sample
     */
    public static long mix(long seed, long... position) {
        long state = seed;
        for (long coordinate : position) {
            state = scramble(state * 0x9E3779B97F4A7C15L + scramble(coordinate + 0x632BE59BD9B4E019L));
        }
        return scramble(state);
    }

    /** Applies the finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static long scramble(long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
