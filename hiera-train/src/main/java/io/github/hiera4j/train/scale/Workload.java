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
 * The memory and communication of each process of a training.
 *
 * @param recipe the recipe; its batch is that of one process
 * @param model the encoder
 * @param parameters number of parameters of the trained network, including its decoder or head
 * @param activationBytes bytes of activations that a training step keeps per sample, in float32
 */
public record Workload(Recipe recipe, HieraConfig model, long parameters, long activationBytes) {
    private static final int CLASSES = 1000; // the number of classes hardly changes the number of parameters

    /**
     * Computes the workload of a recipe from its training graph; no weights are needed.
     *
     * @param recipe a recipe for {@code pretrain} or {@code finetune}
     * @return its workload
     * @throws io.github.hiera4j.model.HieraException if the recipe trains a detector or an action model
     */
    public static Workload of(Recipe recipe) {
        Recipe.Task task = recipe.task();
        check(
                task == Recipe.Task.MAE || task == Recipe.Task.CLASSIFY,
                "a recipe for hiera %s has pictures of different sizes in a step: give --step-ms, --gradient-mb and --batch instead",
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

    /** {@return the bytes of the gradient that the processes sum in a step} */
    public double gradientBytes() {
        return (double) parameters
                * (recipe.run().gradientExchange().equals("bfloat16") ? DType.BFLOAT16.bytes() : Float.BYTES);
    }

    /**
     * {@return the bytes of parameters, gradient and optimiser in each process: parameters and gradient in float32, and again in the compute
     * type if it is another one, the optimiser state, and the running average, if enabled}
     *
     * @param processes number of processes among which {@code shard_optimizer} divides the optimiser state
     */
    public double stateBytes(int processes) {
        double optimizer = Float.BYTES * (recipe.optimisation().optimizer() == Optimizer.ADAMW ? 2.0 : 1.0);
        double shared = recipe.run().shardOptimizer() ? optimizer / processes : optimizer;
        double average = recipe.optimisation().averageDecay() > 0 ? Float.BYTES : 0;
        double copies = recipe.run().computeType() == DType.FLOAT32 ? 0 : 2.0 * computeBytes();
        return parameters * (2.0 * Float.BYTES + copies + shared + average);
    }

    private int computeBytes() {
        return recipe.run().computeType().bytes();
    }

    /**
     * {@return an upper estimate of the bytes of activations that a step keeps; views and tensors that the backward pass has released need
     * no memory, and with {@code gradient_checkpointing} a step keeps only a small part of this}
     */
    public double stepBytes() {
        return (double) activationBytes * recipe.data().batchSize() * computeBytes() / Float.BYTES;
    }

    /** {@return the bytes of batches that are ready or in preparation; each loading thread also holds the decoded frames of a sample} */
    public double batchBytes() {
        double batch = (double) Float.BYTES * recipe.data().batchSize() * model.inChans();
        for (int size : model.inputSize()) {
            batch *= size;
        }
        return batch * BatchLoader.ahead(recipe.data().workers(), (long) batch);
    }
}
