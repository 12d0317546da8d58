package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.io.Printable;
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
 * @param headDropout dropout before the head
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
 * @param cacheMegabytes limit for decoded samples that are kept in memory; they change speed only
 * @param checkpointSteps steps between checkpoints; 0: at the end of each epoch
 * @param checkpointMinutes minutes from one checkpoint to the next within an epoch; 0: none by time
 * @param keepCheckpoints how many to keep
 * @param evaluateEvery epochs between evaluations
 * @param patience evaluations in a row without a better result after which the run ends early; 0: never
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
        double checkpointMinutes,
        int keepCheckpoints,
        int evaluateEvery,
        int patience) {

    /** What is learnt. */
    public enum Task {
        /** Painting hidden mask units: no labels. */
        MAE("pretrain"),
        /** Naming classes. */
        CLASSIFY("finetune"),
        /** Naming the actions of each person of a clip. */
        ACTIONS("actions-train");

        private final String command;

        Task(String command) {
            this.command = command;
        }

        /** The command that trains for it. */
        public String command() {
            return command;
        }
    }

    /** The optimiser. */
    public enum Optimizer {
        ADAMW,
        SGD
    }

    private static final int LONGEST_NAME = 100;
    private static final int MOST_EPOCHS = 1_000_000;
    private static final int MOST_BATCH = 1 << 24;

    public Recipe {
        Ranges.between("epochs", epochs, 1, MOST_EPOCHS);
        Ranges.between("batch_size", batchSize, 1, 1 << 16);
        Ranges.between("accumulation", accumulation, 1, 1 << 16);
        Ranges.between("batch_size * accumulation", (long) batchSize * accumulation, 1, MOST_BATCH);
        Ranges.between("reference_batch", referenceBatch, 0, MOST_BATCH);
        Ranges.above("learning_rate", learningRate, 0, 1e6);
        Ranges.between("min_learning_rate", minLearningRate, 0, learningRate);
        Ranges.between("warmup_epochs", warmupEpochs, 0, MOST_EPOCHS);
        Ranges.below("beta1", beta1, 0, 1);
        Ranges.below("beta2", beta2, 0, 1);
        Ranges.below("momentum", momentum, 0, 1);
        Ranges.between("weight_decay", weightDecay, 0, 1000);
        Ranges.above("layer_decay", layerDecay, 0, 1);
        Ranges.between("clip_norm", clipNorm, 0, 1e9);
        Ranges.below("average_decay", averageDecay, 0, 1);
        Ranges.below("drop_path", dropPath, 0, 1);
        Ranges.below("head_dropout", headDropout, 0, 1);
        check(maskRatio > 0 && maskRatio < 1, "mask_ratio must be above 0 and below 1, got %s", maskRatio);
        Ranges.below("smoothing", smoothing, 0, 1);
        Ranges.between("mixup", mixup, 0, 1000);
        Ranges.between("cutmix", cutmix, 0, 1000);
        Ranges.between("mix_probability", mixProbability, 0, 1);
        Ranges.between("switch_probability", switchProbability, 0, 1);
        Ranges.between("rand_augment_operations", randAugmentOperations, 0, 10);
        Ranges.between("rand_augment_magnitude", randAugmentMagnitude, 0, 10);
        Ranges.between("rand_augment_deviation", randAugmentDeviation, 0, 10);
        Ranges.between("erasing", erasing, 0, 1);
        Ranges.above("crop_least", cropLeast, 0, 1);
        Ranges.between("crop_most", cropMost, cropLeast, 1);
        Ranges.between("flip", flip, 0, 1);
        Ranges.between("repeats", repeats, 1, 1000);
        Ranges.above("test_share", testShare, 0, 1);
        Ranges.between("frame_stride", frameStride, 1, 1000);
        Ranges.between("test_clips", testClips, 1, 1000);
        check(testCrops == 1 || testCrops == 3, "test_crops must be 1 or 3, got %d", testCrops);
        Ranges.between("workers", workers, 1, 256);
        Ranges.between("threads", threads, 0, 1024);
        Ranges.between("cache_megabytes", cacheMegabytes, 0, 1 << 20);
        Ranges.between("checkpoint_steps", checkpointSteps, 0, Integer.MAX_VALUE);
        Ranges.between("checkpoint_minutes", checkpointMinutes, 0, 7 * 24 * 60);
        Ranges.between("keep_checkpoints", keepCheckpoints, 1, 1000);
        Ranges.between("evaluate_every", evaluateEvery, 1, MOST_EPOCHS);
        Ranges.between("patience", patience, 0, MOST_EPOCHS);
        check(
                precision.equals("float32") || precision.equals("bfloat16"),
                "precision must be float32 or bfloat16, got '%s'",
                Printable.of(precision));
        check(
                normalisation.equals("imagenet") || normalisation.equals("kinetics"),
                "normalisation must be imagenet or kinetics, got '%s'",
                Printable.of(normalisation));
        check(
                device.matches("cpu|cuda(:[0-9]{1,3})?"),
                "device must be cpu, cuda or cuda:NUMBER, got '%s'",
                Printable.of(device));
        check(model.length() <= LONGEST_NAME, "model must be the name of a model, got '%s'", Printable.of(model));
        Interpolation.parse(Printable.of(interpolation));
        Ranges.between("position_rate", positionRate, 0, 1000);
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
