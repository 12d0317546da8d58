package io.github.hiera4j.train.evaluate;

import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.model.weights.config.PreprocessHints.CropOrder;
import io.github.hiera4j.model.weights.config.PreprocessHints.Views;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.data.SampleTransform;
import io.github.hiera4j.train.data.TestTransform;
import io.github.hiera4j.train.data.TrainTransform;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a recipe turns files into a model's input. */
public final class Loading {
    private Loading() {}

    /** Random clips, crops and colours. */
    public static BatchLoader.Plan training(Recipe recipe, HieraConfig model, SampleSource source) {
        return training(recipe, model, source, augmentation(recipe, model));
    }

    /** The recipe's random crops and colours. */
    public static SampleTransform augmentation(Recipe recipe, HieraConfig model) {
        List<Integer> size = model.inputSize();
        return new TrainTransform(
                size.get(size.size() - 2),
                size.get(size.size() - 1),
                recipe.cropLeast(),
                recipe.cropMost(),
                recipe.flip(),
                Interpolation.parse(recipe.interpolation()),
                recipe.randAugment(),
                recipe.randomErasing(),
                recipe.pixelNormalisation());
    }

    /** Random clips, and a transform of the caller's. */
    public static BatchLoader.Plan training(
            Recipe recipe, HieraConfig model, SampleSource source, SampleTransform transform) {
        ClipSampler sampler = sampler(recipe, model);
        return new BatchLoader.Plan(
                source,
                transform,
                (position, random) -> ClipChoice.random(sampler, random),
                sampleShape(model),
                recipe.batchSize(),
                true);
    }

    /** Nothing random: position p of {@link #viewOrder} shows view p mod {@code views}, clip by clip and in each crop by crop. */
    public static BatchLoader.Plan test(Recipe recipe, HieraConfig model, SampleSource source) {
        ClipSampler sampler = sampler(recipe, model);
        int crops = sampler.crops();
        List<TestTransform> transforms = crops == 1
                ? List.of(testTransform(recipe, model))
                : List.of(
                        alongLongerSide(recipe, model, 0),
                        alongLongerSide(recipe, model, 0.5),
                        alongLongerSide(recipe, model, 1));
        return new BatchLoader.Plan(
                source,
                position -> transforms.get(position % crops),
                (position, random) -> ClipChoice.uniform(sampler, position % sampler.views() / crops),
                sampleShape(model),
                recipe.batchSize(),
                false);
    }

    /** Views of one sample in a test: clips times crops of a video, one of a picture. */
    public static int views(Recipe recipe, HieraConfig model) {
        return sampler(recipe, model).views();
    }

    /** Every sample as often as it has views. */
    public static int[] viewOrder(Recipe recipe, HieraConfig model, int samples) {
        int views = views(recipe, model);
        int[] order = new int[Math.multiplyExact(samples, views)];
        for (int i = 0; i < order.length; i++) {
            order[i] = i / views;
        }
        return order;
    }

    /** What evaluation shows of a frame: the centre. */
    public static TestTransform testTransform(Recipe recipe, HieraConfig model) {
        return testTransform(recipe, model, recipe.testShare(), 0.5);
    }

    /** One of three views: as wide as the shorter side, at a place along the longer one (as the Kinetics models were tested). */
    private static TestTransform alongLongerSide(Recipe recipe, HieraConfig model, double place) {
        return testTransform(recipe, model, 1, place);
    }

    private static TestTransform testTransform(Recipe recipe, HieraConfig model, double share, double place) {
        List<Integer> size = model.inputSize();
        return new TestTransform(
                size.get(size.size() - 2),
                size.get(size.size() - 1),
                share,
                place,
                Interpolation.parse(recipe.interpolation()),
                recipe.pixelNormalisation());
    }

    /** The preparation that evaluation uses, for using the trained model on other files. */
    public static PreprocessHints hints(Recipe recipe, HieraConfig model) {
        List<Integer> size = model.inputSize();
        Normalisation normalisation = recipe.pixelNormalisation();
        // Nobody trains beyond the bounds of what a model's files may ask a reader to do.
        Views views = new Views(
                Math.min(recipe.frameStride(), Views.LONGEST_STRIDE),
                Math.min(recipe.testClips(), Views.MOST_CLIPS),
                recipe.testCrops());
        return new PreprocessHints(
                normalisation.mean(),
                normalisation.std(),
                recipe.testShare(),
                recipe.interpolation().toLowerCase(Locale.ROOT),
                size.subList(size.size() - 2, size.size()),
                CropOrder.CROP_THEN_RESIZE,
                model.isVideo() ? Optional.of(views) : Optional.empty());
    }

    /** Clips and crops of a video model; a picture model sees the middle of a video. */
    public static ClipSampler sampler(Recipe recipe, HieraConfig model) {
        return model.isVideo()
                ? new ClipSampler(
                        model.inputSize().get(0), recipe.frameStride(), recipe.testClips(), recipe.testCrops())
                : ClipSampler.middle(1, recipe.frameStride());
    }

    private static Shape sampleShape(HieraConfig model) {
        int[] sizes = new int[model.axes() + 1];
        sizes[0] = model.inChans();
        for (int axis = 0; axis < model.axes(); axis++) {
            sizes[axis + 1] = model.inputSize().get(axis);
        }
        return Shape.of(sizes);
    }
}
