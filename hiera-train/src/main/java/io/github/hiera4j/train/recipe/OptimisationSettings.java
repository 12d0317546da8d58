package io.github.hiera4j.train.recipe;

import io.github.hiera4j.torch.train.OptimizerSettings;

/**
 * Settings of the optimisation.
 *
 * @param epochs passes over the data
 * @param accumulation passes through the network whose gradients are summed into one step
 * @param referenceBatch the rate is scaled by {@code batchSize · accumulation / referenceBatch}; 0: not scaled
 * @param learningRate at the end of the warm-up, for the reference batch
 * @param minLearningRate at the last step
 * @param schedule shape of the rate's decrease
 * @param warmupEpochs epochs of linear growth from 0
 * @param optimizer AdamW or SGD
 * @param beta1 AdamW's decay of the mean of gradients, in [0, 1)
 * @param beta2 AdamW's decay of the mean of squared gradients, in [0, 1)
 * @param momentum of SGD, in [0, 1)
 * @param weightDecay of matrices and convolutions
 * @param layerDecay factor on the rate from one layer to the one before, in (0, 1]
 * @param positionRate factor on the rate of the encoder's position embedding, instead of that of {@code layerDecay} (the
 *     paper's fine-tuning at 448 has 0.5); 0: that of {@code layerDecay}
 * @param clipNorm largest gradient norm; 0: no clipping
 * @param averageDecay fraction of the running average of the weights that is kept in each step, in [0, 1); 0: no average
 */
public record OptimisationSettings(
        int epochs,
        int accumulation,
        int referenceBatch,
        double learningRate,
        double minLearningRate,
        Schedule.Kind schedule,
        double warmupEpochs,
        Optimizer optimizer,
        double beta1,
        double beta2,
        double momentum,
        double weightDecay,
        double layerDecay,
        double positionRate,
        double clipNorm,
        double averageDecay) {

    /** The optimiser. */
    public enum Optimizer {
        /** Adam with decoupled weight decay. */
        ADAMW,
        /** Stochastic gradient descent with Nesterov momentum. */
        SGD
    }

    static final int MOST_EPOCHS = 1_000_000;
    static final int MOST_BATCH = 1 << 24;
    private static final double EPSILON = 1e-8;

    /**
     * Checks the settings.
     *
     * @param epochs passes over the data
     * @param accumulation passes through the network whose gradients are summed into one step
     * @param referenceBatch the rate is scaled by {@code batchSize · accumulation / referenceBatch}; 0: not scaled
     * @param learningRate at the end of the warm-up, for the reference batch
     * @param minLearningRate at the last step
     * @param schedule shape of the rate's decrease
     * @param warmupEpochs epochs of linear growth from 0
     * @param optimizer AdamW or SGD
     * @param beta1 AdamW's decay of the mean of gradients, in [0, 1)
     * @param beta2 AdamW's decay of the mean of squared gradients, in [0, 1)
     * @param momentum of SGD, in [0, 1)
     * @param weightDecay of matrices and convolutions
     * @param layerDecay factor on the rate from one layer to the one before, in (0, 1]
     * @param positionRate factor on the rate of the encoder's position embedding, instead of that of {@code layerDecay} (the
     *     paper's fine-tuning at 448 has 0.5); 0: that of {@code layerDecay}
     * @param clipNorm largest gradient norm; 0: no clipping
     * @param averageDecay fraction of the running average of the weights that is kept in each step, in [0, 1); 0: no average
     * @throws io.github.hiera4j.model.HieraException if a setting is out of range; the message names the first one
     */
    public OptimisationSettings {
        Ranges.between("epochs", epochs, 1, MOST_EPOCHS);
        Ranges.between("accumulation", accumulation, 1, 1 << 16);
        Ranges.between("reference_batch", referenceBatch, 0, MOST_BATCH);
        Ranges.above("learning_rate", learningRate, 0, 1e6);
        Ranges.between("min_learning_rate", minLearningRate, 0, learningRate);
        Ranges.between("warmup_epochs", warmupEpochs, 0, MOST_EPOCHS);
        Ranges.below("beta1", beta1, 0, 1);
        Ranges.below("beta2", beta2, 0, 1);
        Ranges.below("momentum", momentum, 0, 1);
        Ranges.between("weight_decay", weightDecay, 0, 1000);
        Ranges.above("layer_decay", layerDecay, 0, 1);
        Ranges.between("position_rate", positionRate, 0, 1000);
        Ranges.between("clip_norm", clipNorm, 0, 1e9);
        Ranges.below("average_decay", averageDecay, 0, 1);
    }

    /** {@return the optimiser with its constants} */
    public OptimizerSettings optimizerSettings() {
        return optimizer == Optimizer.ADAMW
                ? new OptimizerSettings.AdamW(beta1, beta2, EPSILON)
                : new OptimizerSettings.Sgd(momentum, true);
    }
}
