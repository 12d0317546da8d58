package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.train.augment.Mixing;
import io.github.hiera4j.train.augment.RandAugment;
import io.github.hiera4j.train.augment.RandomErasing;

/**
 * Every setting of a training run. Files and {@code --set} use the names in snake case: {@code learning_rate}.
 *
 * @param task what is learnt
 * @param model a published name, or one of {@link Models}' small ones
 * @param inputSize the model's input where it differs from the published one: {@code 448}, {@code 256x320} (height × width),
 *     {@code 8x224x224} with frames; {@code published} otherwise. Weights of another size are resized
 * @param epochs passes over the data
 * @param batchSize samples of one pass through the network
 * @param accumulation passes whose gradients make one step
 * @param referenceBatch the rate is scaled by {@code batchSize · accumulation / referenceBatch}; 0: not scaled
 * @param learningRate at the end of the warm-up, for the reference batch
 * @param minLearningRate at the end
 * @param schedule how the rate falls
 * @param warmupEpochs epochs of linear growth from 0
 * @param weightDecay of matrices and convolutions
 * @param layerDecay factor on the rate from one layer to the one before
 * @param positionRate factor on the rate of the encoder's position embedding in place of what {@code layerDecay} gives (the
 *     paper's fine-tuning at 448 has 0.5); 0: as {@code layerDecay} gives
 * @param clipNorm largest gradient norm; 0: no clipping
 * @param averageDecay share of the running average of the weights that is kept each step; 0: no average
 * @param dropPath drop path of the last block
 * @param headDropout dropout in front of the head
 * @param maskRatio share of mask units hidden (pretraining)
 * @param smoothing share of a target spread over all classes
 * @param mixup concentration of mixup's Beta distribution; 0: off
 * @param cutmix the same for CutMix
 * @param mixProbability of mixing a batch
 * @param switchProbability of CutMix where both are on
 * @param mixMode batch, pair or element
 * @param randAugmentOperations operations per picture; 0: off
 * @param erasing probability of random erasing
 * @param cropLeast smallest share of a picture's area that a crop shows
 * @param cropMost largest share
 * @param flip probability of mirroring
 * @param repeats times a sample is shown in a row (repeated augmentation)
 * @param normalisation imagenet or kinetics
 * @param testShare share of the central square that evaluation shows, per side
 * @param frameStride frames from one to the next at 30 per second (video)
 * @param testClips clips per video in evaluation
 * @param testCrops crops per clip in evaluation: 1, the centre; or 3, along the longer side
 * @param precision of the computation: float32 or bfloat16
 * @param gradientCheckpointing run blocks twice to save memory
 * @param workers threads that load data
 * @param threads threads that compute; 0: all cores
 * @param cacheMegabytes decoded data kept in memory; of a training video the clip that was read first
 * @param checkpointSteps steps between checkpoints; 0: at the end of each epoch
 * @param keepCheckpoints how many to keep
 * @param evaluateEvery epochs between evaluations
 */
public record Recipe(
        Task task,
        String model,
        String inputSize,
        int epochs,
        int batchSize,
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
        double averageDecay,
        double dropPath,
        double headDropout,
        double maskRatio,
        double smoothing,
        double mixup,
        double cutmix,
        double mixProbability,
        double switchProbability,
        Mixing.Mode mixMode,
        int randAugmentOperations,
        double randAugmentMagnitude,
        double randAugmentDeviation,
        double erasing,
        double cropLeast,
        double cropMost,
        double flip,
        int repeats,
        String interpolation,
        String normalisation,
        double testShare,
        int frameStride,
        int testClips,
        int testCrops,
        String precision,
        boolean gradientCheckpointing,
        int workers,
        int threads,
        String device,
        long seed,
        int cacheMegabytes,
        int checkpointSteps,
        int keepCheckpoints,
        int evaluateEvery) {

    /** What is learnt. */
    public enum Task {
        /** Painting hidden mask units: no labels. */
        MAE,
        /** Naming classes. */
        CLASSIFY
    }

    /** The optimiser. */
    public enum Optimizer {
        ADAMW,
        SGD
    }

    public Recipe {
        check(epochs >= 1, "epochs must be at least 1, got %d", epochs);
        check(batchSize >= 1, "batch_size must be at least 1, got %d", batchSize);
        check(accumulation >= 1, "accumulation must be at least 1, got %d", accumulation);
        check(referenceBatch >= 0, "reference_batch must be 0 or more, got %d", referenceBatch);
        check(learningRate > 0, "learning_rate must be above 0, got %s", learningRate);
        check(
                minLearningRate >= 0 && minLearningRate <= learningRate,
                "min_learning_rate must be from 0 to learning_rate, got %s",
                minLearningRate);
        check(warmupEpochs >= 0, "warmup_epochs must be 0 or more, got %s", warmupEpochs);
        check(clipNorm >= 0, "clip_norm must be 0 or more, got %s", clipNorm);
        check(averageDecay >= 0 && averageDecay < 1, "average_decay must be in [0, 1), got %s", averageDecay);
        check(maskRatio > 0 && maskRatio < 1, "mask_ratio must be between 0 and 1, got %s", maskRatio);
        check(flip >= 0 && flip <= 1, "flip must be a probability, got %s", flip);
        check(
                cropLeast > 0 && cropLeast <= cropMost && cropMost <= 1,
                "crop_least and crop_most must be in (0, 1] and in order, got %s and %s",
                cropLeast,
                cropMost);
        check(repeats >= 1, "repeats must be at least 1, got %d", repeats);
        check(testShare > 0 && testShare <= 1, "test_share must be in (0, 1], got %s", testShare);
        check(frameStride >= 1, "frame_stride must be at least 1, got %d", frameStride);
        check(testClips >= 1, "test_clips must be at least 1, got %d", testClips);
        check(testCrops == 1 || testCrops == 3, "test_crops must be 1 or 3, got %d", testCrops);
        check(workers >= 1, "workers must be at least 1, got %d", workers);
        check(threads >= 0, "threads must be 0 or more, got %d", threads);
        check(cacheMegabytes >= 0, "cache_megabytes must be 0 or more, got %d", cacheMegabytes);
        check(checkpointSteps >= 0, "checkpoint_steps must be 0 or more, got %d", checkpointSteps);
        check(keepCheckpoints >= 1, "keep_checkpoints must be at least 1, got %d", keepCheckpoints);
        check(evaluateEvery >= 1, "evaluate_every must be at least 1, got %d", evaluateEvery);
        check(
                precision.equals("float32") || precision.equals("bfloat16"),
                "precision must be float32 or bfloat16, got '%s'",
                precision);
        check(
                normalisation.equals("imagenet") || normalisation.equals("kinetics"),
                "normalisation must be imagenet or kinetics, got '%s'",
                normalisation);
        check(positionRate >= 0, "position_rate must be 0 or more, got %s", positionRate);
        Interpolation.parse(interpolation);
        Models.checkSize(inputSize);
    }

    /** Samples whose gradients make one step. */
    public int effectiveBatch() {
        return batchSize * accumulation;
    }

    /** The learning rate at the end of the warm-up: linear in the effective batch. */
    public double peakLearningRate() {
        return referenceBatch == 0 ? learningRate : learningRate * effectiveBatch() / referenceBatch;
    }

    public DType computeType() {
        return DType.parse(precision);
    }

    public OptimizerSettings optimizerSettings() {
        return optimizer == Optimizer.ADAMW
                ? new OptimizerSettings.AdamW(beta1, beta2, 1e-8)
                : new OptimizerSettings.Sgd(momentum, true);
    }

    public RandAugment randAugment() {
        return new RandAugment(randAugmentOperations, randAugmentMagnitude, randAugmentDeviation);
    }

    public RandomErasing randomErasing() {
        return new RandomErasing(erasing);
    }

    public Mixing mixing() {
        return new Mixing(mixup, cutmix, mixProbability, switchProbability, mixMode, smoothing);
    }

    public Normalisation pixelNormalisation() {
        return normalisation.equals("imagenet") ? Normalisation.IMAGENET : Normalisation.KINETICS;
    }

    /** This recipe with one setting changed; throws a {@code HieraException} that suggests the nearest name. */
    public Recipe with(String key, String value) {
        return RecipeSettings.with(this, key, value);
    }
}
