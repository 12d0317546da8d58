package io.github.hiera4j.train.scale;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.recipe.Recipe;
import java.time.Duration;

/**
 * The speed at which training samples are read, decoded and augmented.
 *
 * @param samples number of samples
 * @param seconds elapsed time
 * @param coreSeconds processor time
 */
public record LoadingSpeed(int samples, double seconds, double coreSeconds) {
    private static final int SEED = 1;

    /** {@return the number of samples that one core prepares per second} */
    public double perCore() {
        return samples / coreSeconds;
    }

    /**
     * Measures how fast one worker prepares training samples, in the order and with the augmentation of a training. Nothing else should
     * compute in this process at the same time. The rate is based on processor time, not elapsed time; on a busy machine it is nevertheless
     * lower, since programs share caches and the threads of a core.
     *
     * @param recipe determines the augmentation
     * @param model determines the size of the samples
     * @param source the samples
     * @param seconds duration of the measurement, which follows a warm-up of a quarter of this time
     * @return the measured speed
     * @throws io.github.hiera4j.model.HieraException if there are no samples, or none can be read
     */
    public static LoadingSpeed measure(Recipe recipe, HieraConfig model, SampleSource source, double seconds) {
        check(source.size() > 0, "there are no training samples to measure");
        Recipe single = recipe.with("batch_size", "1");
        BatchLoader.Plan plan = BatchPlans.training(single.data(), single.augmentation(), model, source);
        try (BatchLoader loader = new BatchLoader(1)) {
            int epoch = load(loader, plan, single, seconds / 4, 0).epochs();
            return load(loader, plan, single, seconds, epoch).speed();
        }
    }

    private record Loaded(LoadingSpeed speed, int epochs) {}

    private static Loaded load(BatchLoader loader, BatchLoader.Plan plan, Recipe recipe, double seconds, int from) {
        long start = System.nanoTime();
        double before = processorSeconds();
        int samples = 0;
        int epoch = from;
        while (System.nanoTime() - start < seconds * 1e9) {
            int[] order =
                    EpochOrder.shuffled(plan.source().size(), recipe.data().repeats(), SEED, epoch);
            try (BatchLoader.Batches batches = loader.epoch(plan, order, SEED, epoch++, 0)) {
                while (batches.hasNext() && System.nanoTime() - start < seconds * 1e9) {
                    batches.next();
                    samples++;
                }
            }
        }
        double passed = (System.nanoTime() - start) / 1e9;
        double used = processorSeconds() - before;
        return new Loaded(new LoadingSpeed(samples, passed, used > 0 ? used : passed), epoch);
    }

    /** Returns the processor time of this process in seconds; 0 if the system does not report it. */
    private static double processorSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(0L)
                / 1e9;
    }
}
