package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.BatchRows;
import io.github.hiera4j.train.data.CachedSource;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;

/** The samples and steps of a run: which batches an epoch has, in which order, and which rows of them this process works on. */
final class RunPlan {
    private final Recipe recipe;
    private final BatchLoader.Plan training;
    private final SampleSource heldOut;
    private final int stepsPerEpoch;

    /**
     * Plans a run.
     *
     * @throws io.github.hiera4j.model.HieraException if the batch cannot be divided among the processes, or there are too few samples
     *     for one step
     */
    RunPlan(Recipe recipe, Dataset dataset, Objective objective, TrainingMethod method, ProcessGroup processes) {
        this.recipe = recipe;
        long cache = recipe.data().cacheMegabytes() * (1L << 20);
        SampleSource samples = cache > 0 ? new CachedSource(dataset.train(), cache) : dataset.train();
        heldOut = cache > 0 ? new CachedSource(dataset.validation(), cache) : dataset.validation();
        check(
                recipe.data().batchSize() % processes.size() == 0,
                "a batch of %d cannot be divided among %d processes",
                recipe.data().batchSize(),
                processes.size());
        training = BatchPlans.training(recipe.data(), objective.encoder(), samples, method.augmentation())
                .withRows(total -> new BatchRows(processes.share().mirroredRows(total / processes.size()), total));
        stepsPerEpoch = training.batches(samples.size()) / recipe.optimisation().accumulation();
        check(
                stepsPerEpoch > 0,
                "%s: has %d training samples, fewer than one step of %d; set batch_size or accumulation lower",
                dataset.name(),
                samples.size(),
                recipe.effectiveBatch());
    }

    SampleSource heldOut() {
        return heldOut;
    }

    int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /** Returns the steps of the whole run. */
    long steps() {
        return (long) stepsPerEpoch * recipe.optimisation().epochs();
    }

    /** Starts loading the remaining batches of an epoch. */
    BatchLoader.Batches epoch(BatchLoader loader, Position position) {
        long seed = recipe.run().seed();
        int[] order = EpochOrder.of(
                training.source(),
                training.batchSize(),
                recipe.data().shuffleBuffer(),
                recipe.data().repeats(),
                seed,
                position.epoch());
        return loader.epoch(training, order, seed, position.epoch(), position.batch());
    }
}
