package io.github.hiera4j.train.data;

import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.train.augment.RandAugment;
import io.github.hiera4j.train.augment.RandomErasing;

/** The plans that the tests load. */
public final class LoaderPlans {
    private LoaderPlans() {}

    /** Returns a plan for augmented images of 16 by 16 pixels in batches of six. */
    public static BatchLoader.Plan augmented(SampleSource source) {
        TrainTransform transform = new TrainTransform(
                16,
                16,
                0.3,
                1,
                0.5,
                Interpolation.BILINEAR,
                new RandAugment(2, 9, 0.5),
                new RandomErasing(0.5),
                Normalisation.IMAGENET);
        return new BatchLoader.Plan(
                source, transform, (position, random) -> duration -> new Clip(0, 1, 1), Shape.of(3, 16, 16), 6, true);
    }
}
