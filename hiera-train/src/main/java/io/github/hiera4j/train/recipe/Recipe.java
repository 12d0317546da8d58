package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Every setting of a training run, in groups; each part of the code receives only its own group. Files and {@code --set} name
 * settings in snake case, without the group: {@code learning_rate}.
 *
 * @param task the training task
 * @param model the model to train
 * @param data loading of samples
 * @param augmentation augmentation of training samples
 * @param optimisation optimiser, learning rates and regularisation
 * @param run device, precision, checkpoints and evaluation
 */
public record Recipe(
        Task task,
        ModelSettings model,
        DataSettings data,
        AugmentationSettings augmentation,
        OptimisationSettings optimisation,
        RunSettings run) {
    private static final int MOST_DIVISORS = 10; // in a message

    /** The training task. */
    public enum Task {
        /** Reconstruction of masked units, without labels. */
        MAE("pretrain"),
        /** Classification. */
        CLASSIFY("finetune"),
        /** Classification of the actions of each person in a clip. */
        ACTIONS("actions-train"),
        /** Detection of objects: boxes, classes, masks. */
        DETECT("detect-train");

        private final String command;

        Task(String command) {
            this.command = command;
        }

        /** {@return the command that trains for this task} */
        public String command() {
            return command;
        }
    }

    /**
     * Checks constraints between groups; each group checks itself.
     *
     * @param task the training task
     * @param model the model to train
     * @param data loading of samples
     * @param augmentation augmentation of training samples
     * @param optimisation optimiser, learning rates and regularisation
     * @param run device, precision, checkpoints and evaluation
     * @throws io.github.hiera4j.model.HieraException if a step has too many samples
     */
    public Recipe {
        Ranges.between(
                "batch_size * accumulation",
                (long) data.batchSize() * optimisation.accumulation(),
                1,
                OptimisationSettings.MOST_BATCH);
    }

    /** {@return the number of samples per step} */
    public int effectiveBatch() {
        return data.batchSize() * optimisation.accumulation();
    }

    /**
     * Returns the recipe with which one process trains as several processes do with this one.
     *
     * @param processes number of processes that train together
     * @return this recipe with the batch of all of them
     */
    public Recipe acrossProcesses(int processes) {
        return processes == 1 ? this : with("batch_size", String.valueOf((long) data.batchSize() * processes));
    }

    /**
     * Returns the recipe of each of several processes that together train as one process does with this one.
     *
     * @param processes number of processes that train together
     * @return this recipe with a part of the batch
     * @throws io.github.hiera4j.model.HieraException if the batch cannot be divided evenly
     */
    public Recipe perProcess(int processes) {
        check(
                data.batchSize() % processes == 0,
                "a batch of %d samples cannot be divided evenly among %d processes: use %s processes",
                data.batchSize(),
                processes,
                divisors(data.batchSize()));
        return processes == 1 ? this : with("batch_size", String.valueOf(data.batchSize() / processes));
    }

    /** Returns the divisors as text, such as {@code 1, 2 or 4}; only the ten largest if there are more. */
    private static String divisors(int number) {
        List<String> all = IntStream.rangeClosed(1, number)
                .filter(divisor -> number % divisor == 0)
                .mapToObj(String::valueOf)
                .toList();
        List<String> shown = all.subList(Math.max(0, all.size() - MOST_DIVISORS), all.size());
        int last = shown.size() - 1;
        return last == 0 ? shown.get(0) : String.join(", ", shown.subList(0, last)) + " or " + shown.get(last);
    }

    /** {@return the learning rate at the end of the warm-up: linear in the effective batch} */
    public double peakLearningRate() {
        int reference = optimisation.referenceBatch();
        double rate = optimisation.learningRate();
        return reference == 0 ? rate : rate * effectiveBatch() / reference;
    }

    /**
     * Returns this recipe with one setting changed.
     *
     * @param key the setting, as in recipe files
     * @param value its value, as in recipe files
     * @return the changed recipe
     * @throws io.github.hiera4j.model.HieraException if there is no such setting (the message suggests the nearest name), or the value
     *     is refused
     */
    public Recipe with(String key, String value) {
        return RecipeSettings.with(this, key, value);
    }
}
