package io.github.hiera4j.train.evaluate;

import io.github.hiera4j.media.preprocess.Normalisation;
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
import io.github.hiera4j.train.recipe.AugmentationSettings;
import io.github.hiera4j.train.recipe.DataSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Creates batch plans from the settings of a recipe: for training, for evaluation, and for the probe. */
public final class BatchPlans {
    private BatchPlans() {}

    /**
     * Returns a training plan with random clips, crops and colours.
     *
     * @param data the recipe's settings of the data
     * @param augmentation augmentation of the training samples
     * @param model the model, which determines the size of samples
     * @param source the samples
     * @return the plan
     */
    public static BatchLoader.Plan training(
            DataSettings data, AugmentationSettings augmentation, HieraConfig model, SampleSource source) {
        return training(data, model, source, augmentation(data, augmentation, model));
    }

    /**
     * {@return the recipe's training transform: random crops and colours}
     *
     * @param data the recipe's settings of the data
     * @param augmentation augmentation of the training samples
     * @param model the model, which determines the size of samples
     */
    public static SampleTransform augmentation(
            DataSettings data, AugmentationSettings augmentation, HieraConfig model) {
        List<Integer> size = model.inputSize();
        return new TrainTransform(
                size.get(size.size() - 2),
                size.get(size.size() - 1),
                augmentation.cropLeast(),
                augmentation.cropMost(),
                augmentation.flip(),
                data.filter(),
                augmentation.randAugment(),
                augmentation.randomErasing(),
                data.pixelNormalisation());
    }

    /**
     * Returns a training plan with random clips and the caller's transform.
     *
     * @param data the recipe's settings of the data
     * @param model the model, which determines the size of samples
     * @param source the samples
     * @param transform turns frames into pixels; safe from several threads
     * @return the plan
     */
    public static BatchLoader.Plan training(
            DataSettings data, HieraConfig model, SampleSource source, SampleTransform transform) {
        ClipSampler sampler = sampler(data, model);
        return new BatchLoader.Plan(
                source,
                transform,
                (position, random) -> ClipChoice.random(sampler, random),
                sampleShape(model),
                data.batchSize(),
                true);
    }

    /**
     * {@return the evaluation plan, without randomness: position p of {@link #viewOrder} shows view p mod {@code views}; crops of a clip are
     * consecutive}
     *
     * @param data the recipe's settings of the data
     * @param model the model, which determines the size of samples
     * @param source the samples
     */
    public static BatchLoader.Plan test(DataSettings data, HieraConfig model, SampleSource source) {
        ClipSampler sampler = sampler(data, model);
        int crops = sampler.crops();
        List<TestTransform> transforms = crops == 1
                ? List.of(testTransform(data, model))
                : List.of(
                        alongLongerSide(data, model, 0),
                        alongLongerSide(data, model, 0.5),
                        alongLongerSide(data, model, 1));
        return new BatchLoader.Plan(
                source,
                position -> transforms.get(position % crops),
                (position, random) -> ClipChoice.uniform(sampler, position % sampler.views() / crops),
                sampleShape(model),
                data.batchSize(),
                false);
    }

    /**
     * Returns the number of views of one sample in a test: clips times crops for a video, one for a picture.
     *
     * @param data the recipe's settings of the data
     * @param model the model, which determines the size of samples
     * @return the number of views
     */
    public static int views(DataSettings data, HieraConfig model) {
        return sampler(data, model).views();
    }

    /**
     * {@return the order of evaluation: every sample as often as it has views}
     *
     * @param data the recipe's settings of the data
     * @param model the model, which determines the size of samples
     * @param samples number of samples
     */
    public static int[] viewOrder(DataSettings data, HieraConfig model, int samples) {
        int views = views(data, model);
        int[] order = new int[Math.multiplyExact(samples, views)];
        for (int i = 0; i < order.length; i++) {
            order[i] = i / views;
        }
        return order;
    }

    /**
     * {@return the evaluation transform, which shows the centre of a frame}
     *
     * @param data the recipe's settings of the data
     * @param model the model, which determines the size of samples
     */
    public static TestTransform testTransform(DataSettings data, HieraConfig model) {
        return testTransform(data, model, data.testShare(), 0.5);
    }

    /** Returns one of three views: as wide as the shorter side, at a position along the longer one (the test of the Kinetics models). */
    private static TestTransform alongLongerSide(DataSettings data, HieraConfig model, double place) {
        return testTransform(data, model, 1, place);
    }

    private static TestTransform testTransform(DataSettings data, HieraConfig model, double share, double place) {
        List<Integer> size = model.inputSize();
        return new TestTransform(
                size.get(size.size() - 2),
                size.get(size.size() - 1),
                share,
                place,
                data.filter(),
                data.pixelNormalisation());
    }

    /**
     * {@return the preparation that evaluation uses, for using the trained model on other files}
     *
     * @param data the recipe's settings of the data
     * @param model the model, which determines the size of samples
     */
    public static PreprocessHints hints(DataSettings data, HieraConfig model) {
        List<Integer> size = model.inputSize();
        Normalisation normalisation = data.pixelNormalisation();
        // A model's files are limited in what they may request of a reader; practical settings stay below these limits.
        Views views = new Views(
                Math.min(data.frameStride(), Views.LONGEST_STRIDE),
                Math.min(data.testClips(), Views.MOST_CLIPS),
                data.testCrops());
        return new PreprocessHints(
                normalisation.mean(),
                normalisation.std(),
                data.testShare(),
                data.interpolation().toLowerCase(Locale.ROOT),
                size.subList(size.size() - 2, size.size()),
                CropOrder.CROP_THEN_RESIZE,
                model.isVideo() ? Optional.of(views) : Optional.empty());
    }

    /**
     * Returns the sampler of a video model's clips; a picture model sees the middle of a video.
     *
     * @param data the recipe's settings of the data
     * @param model the model, which determines the size of samples
     * @return the sampler
     */
    public static ClipSampler sampler(DataSettings data, HieraConfig model) {
        return model.isVideo()
                ? new ClipSampler(model.inputSize().get(0), data.frameStride(), data.testClips(), data.testCrops())
                : ClipSampler.middle(1, data.frameStride());
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
