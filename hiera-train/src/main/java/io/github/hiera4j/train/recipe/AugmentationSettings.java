package io.github.hiera4j.train.recipe;

import io.github.hiera4j.train.augment.Mixing;
import io.github.hiera4j.train.augment.RandAugment;
import io.github.hiera4j.train.augment.RandomErasing;

/**
 * Random augmentation of training samples and their targets.
 *
 * @param cropLeast smallest fraction of a picture's area that a crop shows, in (0, 1]
 * @param cropMost largest fraction, from {@code cropLeast} to 1
 * @param flip probability of mirroring
 * @param randAugmentOperations operations per picture; 0: off
 * @param randAugmentMagnitude mean magnitude of the operations, in [0, 10]
 * @param randAugmentDeviation standard deviation of the magnitude, in [0, 10]
 * @param erasing probability of random erasing
 * @param smoothing fraction of a target that is spread over all classes, in [0, 1)
 * @param mixup concentration of mixup's Beta distribution; 0: off
 * @param cutmix the same for CutMix
 * @param mixProbability of mixing a batch
 * @param switchProbability probability of CutMix if both are enabled
 * @param mixMode which samples share one draw: batch, pair or element
 * @param jitterLeast smallest size of a picture relative to a detector's input, above 0
 * @param jitterMost largest size, up to 10
 */
public record AugmentationSettings(
        double cropLeast,
        double cropMost,
        double flip,
        int randAugmentOperations,
        double randAugmentMagnitude,
        double randAugmentDeviation,
        double erasing,
        double smoothing,
        double mixup,
        double cutmix,
        double mixProbability,
        double switchProbability,
        Mixing.Mode mixMode,
        double jitterLeast,
        double jitterMost) {

    /**
     * Checks the settings.
     *
     * @param cropLeast smallest fraction of a picture's area that a crop shows, in (0, 1]
     * @param cropMost largest fraction, from {@code cropLeast} to 1
     * @param flip probability of mirroring
     * @param randAugmentOperations operations per picture; 0: off
     * @param randAugmentMagnitude mean magnitude of the operations, in [0, 10]
     * @param randAugmentDeviation standard deviation of the magnitude, in [0, 10]
     * @param erasing probability of random erasing
     * @param smoothing fraction of a target that is spread over all classes, in [0, 1)
     * @param mixup concentration of mixup's Beta distribution; 0: off
     * @param cutmix the same for CutMix
     * @param mixProbability of mixing a batch
     * @param switchProbability probability of CutMix if both are enabled
     * @param mixMode which samples share one draw: batch, pair or element
     * @param jitterLeast smallest size of a picture relative to a detector's input, above 0
     * @param jitterMost largest size, up to 10
     * @throws io.github.hiera4j.model.HieraException if a setting is out of range; the message names the first one
     */
    public AugmentationSettings {
        Ranges.above("crop_least", cropLeast, 0, 1);
        Ranges.between("crop_most", cropMost, cropLeast, 1);
        Ranges.between("flip", flip, 0, 1);
        Ranges.between("rand_augment_operations", randAugmentOperations, 0, 10);
        Ranges.between("rand_augment_magnitude", randAugmentMagnitude, 0, 10);
        Ranges.between("rand_augment_deviation", randAugmentDeviation, 0, 10);
        Ranges.between("erasing", erasing, 0, 1);
        Ranges.below("smoothing", smoothing, 0, 1);
        Ranges.between("mixup", mixup, 0, 1000);
        Ranges.between("cutmix", cutmix, 0, 1000);
        Ranges.between("mix_probability", mixProbability, 0, 1);
        Ranges.between("switch_probability", switchProbability, 0, 1);
        Ranges.above("jitter_least", jitterLeast, 0, 10);
        Ranges.between("jitter_most", jitterMost, jitterLeast, 10);
    }

    /** {@return the random colour and geometry operations} */
    public RandAugment randAugment() {
        return new RandAugment(randAugmentOperations, randAugmentMagnitude, randAugmentDeviation);
    }

    /** {@return the random erasing} */
    public RandomErasing randomErasing() {
        return new RandomErasing(erasing);
    }

    /** {@return the mixing of samples and the smoothing of targets} */
    public Mixing mixing() {
        return new Mixing(mixup, cutmix, mixProbability, switchProbability, mixMode, smoothing);
    }
}
