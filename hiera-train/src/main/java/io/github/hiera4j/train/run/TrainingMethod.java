package io.github.hiera4j.train.run;

import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.distributed.DataParallel;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.ParameterGroup;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.SampleTransform;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.evaluate.EvaluationMethod;
import io.github.hiera4j.train.evaluate.Evaluator;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.optimize.LayerDecay;
import io.github.hiera4j.train.recipe.LearningRate;
import io.github.hiera4j.train.recipe.OptimisationSettings;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RunSettings;
import io.github.hiera4j.train.recipe.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of training that a program may replace. Checkpoints do not contain them: a run must be resumed with the parts it was
 * started with.
 *
 * @param schedule the learning rates
 * @param grouping learning rates and weight decay of the parameters
 * @param augmentation transform of the training samples
 * @param evaluation evaluation between epochs
 */
public record TrainingMethod(
        ScheduleChoice schedule, Grouping grouping, SampleTransform augmentation, EvaluationMethod evaluation) {

    /** Chooses the learning rates when the length of the run is known. */
    @FunctionalInterface
    public interface ScheduleChoice {
        /**
         * {@return the learning rate of every step}
         *
         * @param steps of the whole run
         * @param stepsPerEpoch of one epoch
         */
        LearningRate plan(long steps, int stepsPerEpoch);
    }

    /** Groups parameters for the optimiser. */
    @FunctionalInterface
    public interface Grouping {
        /**
         * {@return the groups, in the order in which the optimiser updates them}
         *
         * @param parameters shapes by official name; each belongs in exactly one group
         */
        List<ParameterGroup> groups(Map<String, Shape> parameters);
    }

    /**
     * {@return the method of a recipe}
     *
     * @param recipe all settings of the training
     * @param objective the training objective
     */
    public static TrainingMethod of(Recipe recipe, Objective objective) {
        return new TrainingMethod(
                (steps, stepsPerEpoch) -> {
                    long warmup = Math.round(recipe.optimisation().warmupEpochs() * stepsPerEpoch);
                    return new Schedule(
                            recipe.optimisation().schedule(),
                            recipe.peakLearningRate(),
                            recipe.optimisation().minLearningRate(),
                            Math.min(warmup, steps),
                            steps);
                },
                parameters -> groups(recipe.optimisation(), objective, parameters),
                BatchPlans.augmentation(recipe.data(), recipe.augmentation(), objective.encoder()),
                new Evaluator(recipe.data(), objective));
    }

    /** Groups parameters by layer; parameters that keep their values form a separate group with the rate 0. */
    private static List<ParameterGroup> groups(
            OptimisationSettings settings, Objective objective, Map<String, Shape> parameters) {
        Map<String, Shape> trained = new LinkedHashMap<>(parameters);
        trained.keySet().removeAll(objective.fixed());
        List<ParameterGroup> groups = new ArrayList<>(LayerDecay.groups(
                trained,
                objective.encoder().depth(),
                settings.layerDecay(),
                settings.weightDecay(),
                settings.positionRate()));
        List<String> kept =
                parameters.keySet().stream().filter(objective.fixed()::contains).toList();
        if (!kept.isEmpty()) {
            groups.add(new ParameterGroup(kept, 0, 0));
        }
        return List.copyOf(groups);
    }

    /**
     * {@return this method with another schedule}
     *
     * @param other the learning rates
     */
    public TrainingMethod withSchedule(ScheduleChoice other) {
        return new TrainingMethod(other, grouping, augmentation, evaluation);
    }

    /**
     * {@return this method with another grouping}
     *
     * @param other learning rates and weight decay of the parameters
     */
    public TrainingMethod withGrouping(Grouping other) {
        return new TrainingMethod(schedule, other, augmentation, evaluation);
    }

    /**
     * {@return this method with another augmentation}
     *
     * @param other transform of the training samples
     */
    public TrainingMethod withAugmentation(SampleTransform other) {
        return new TrainingMethod(schedule, grouping, other, evaluation);
    }

    /**
     * {@return this method with another evaluation}
     *
     * @param other evaluation between epochs
     */
    public TrainingMethod withEvaluation(EvaluationMethod other) {
        return new TrainingMethod(schedule, grouping, augmentation, other);
    }

    /** Returns the trainer for an objective's graph with the settings of a recipe. */
    TorchTrainer trainer(Recipe recipe, Objective objective, WeightSource start, ProcessGroup processes) {
        OptimisationSettings optimisation = recipe.optimisation();
        RunSettings settings = recipe.run();
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = settings.threads() > 0 ? settings.threads() : Math.max(1, processors / processes.localSize());
        boolean ownGpu = settings.device().equals("cuda") && processes.localSize() > 1;
        String device = ownGpu ? "cuda:" + processes.localRank() : settings.device();
        return new TorchTrainer(
                objective.graph(),
                grouping.groups(objective.graph().parameters()),
                optimisation.optimizerSettings(),
                start,
                new TorchTrainer.Options(
                        settings.computeType(),
                        device,
                        threads,
                        settings.gradientCheckpointing(),
                        optimisation.averageDecay() > 0),
                new DataParallel(
                        processes,
                        settings.gradientExchange().equals("bfloat16"),
                        DataParallel.DEFAULT_BUCKET,
                        settings.shardOptimizer()));
    }
}
