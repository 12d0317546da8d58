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
 * How fast training samples are read, decoded and augmented.
 *
 * @param samples that were made
 * @param seconds that passed
 * @param coreSeconds of processor time that were used
 */
public record LoadingSpeed(int samples, double seconds, double coreSeconds) {
    private static final int SEED = 1;

    /** {@return samples that one core makes in a second} */
    public double perCore() {
        return samples / coreSeconds;
    }

    /**
     * Prepares training samples with one worker, in the order and with the augmentation of a training; nothing else should compute in this
     * process at the same time. Processor time counts, not elapsed time. On a busy machine the figure is lower all the same, since
     * programs share caches and the threads of a core.
     *
     * @param recipe says what is done to a sample
     * @param model decides the size of samples
     * @param source where they are read from
     * @param seconds to measure, after a quarter of that to warm up
     * @return what was measured
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

    /** Of this process; 0 where the system does not say. */
    private static double processorSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(0L)
                / 1e9;
    }
}
