package io.github.hiera4j.train.scale;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.cost.LayerCost;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.OptimisationSettings.Optimizer;
import io.github.hiera4j.train.recipe.Recipe;

/**
 * A training in figures: what each of its processes holds and sends.
 *
 * @param recipe with the batch of a process
 * @param model the encoder
 * @param parameters of the network in training, its decoder or head included
 * @param activationBytes float32 bytes that a training step keeps of one sample
 */
public record Workload(Recipe recipe, HieraConfig model, long parameters, long activationBytes) {
    private static final int CLASSES = 1000; // the head of another number of classes has few parameters more or less

    /**
     * Builds the training graph, without weights.
     *
     * @param recipe one for {@code pretrain} or {@code finetune}
     * @return its figures
     * @throws io.github.hiera4j.model.HieraException if the recipe trains a detector or an action model
     */
    public static Workload of(Recipe recipe) {
        Recipe.Task task = recipe.task();
        check(
                task == Recipe.Task.MAE || task == Recipe.Task.CLASSIFY,
                "a recipe for hiera %s has pictures of many sizes in a step: give --step-ms, --gradient-mb and --batch instead",
                task.command());
        Objective objective = task == Recipe.Task.MAE
                ? MaeObjective.of(recipe.model())
                : new ClassifyObjective(recipe.model(), recipe.augmentation().mixing(), CLASSES);
        ModelCost cost = ModelCost.of(objective.graph());
        return new Workload(
                recipe,
                objective.encoder(),
                cost.parameters(),
                cost.layers().stream().mapToLong(LayerCost::activationBytes).sum());
    }

    /** {@return bytes of the gradient that processes add in a step} */
    public double gradientBytes() {
        return (double) parameters
                * (recipe.run().gradientExchange().equals("bfloat16") ? DType.BFLOAT16.bytes() : Float.BYTES);
    }

    /**
     * {@return bytes of parameters, gradient and optimiser in each process: float32 parameters and gradient, the same in the type of the
     * computation, what the optimiser remembers, and the running average if there is one}
     *
     * @param processes among which {@code shard_optimizer} divides the optimiser's memory
     */
    public double stateBytes(int processes) {
        double optimizer = Float.BYTES * (recipe.optimisation().optimizer() == Optimizer.ADAMW ? 2.0 : 1.0);
        double shared = recipe.run().shardOptimizer() ? optimizer / processes : optimizer;
        double average = recipe.optimisation().averageDecay() > 0 ? Float.BYTES : 0;
        return parameters * (2.0 * Float.BYTES + 2.0 * computeBytes() + shared + average);
    }

    private int computeBytes() {
        return recipe.run().computeType().bytes();
    }

    /**
     * {@return bytes of activations that a step keeps, an upper estimate: views and what the backward pass has released do not count; with
     * {@code gradient_checkpointing} a small part of it}
     */
    public double stepBytes() {
        return (double) activationBytes * recipe.data().batchSize() * computeBytes() / Float.BYTES;
    }

    /** {@return bytes of batches that are ready or being made; each loading thread also holds the decoded frames of a sample} */
    public double batchBytes() {
        double batch = (double) Float.BYTES * recipe.data().batchSize() * model.inChans();
        for (int size : model.inputSize()) {
            batch *= size;
        }
        return batch * BatchLoader.ahead(recipe.data().workers(), (long) batch);
    }
}
