package io.github.hiera4j.train.run;

import io.github.hiera4j.media.ClipSampler;
import io.github.hiera4j.media.Interpolation;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.data.TestTransform;
import io.github.hiera4j.train.data.TrainTransform;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.List;

/** How a recipe turns files into a model's input. */
public final class Loading {
    private Loading() {}

    /** Random clips, crops and colours. */
    public static BatchLoader.Plan training(Recipe recipe, HieraConfig model, SampleSource source) {
        List<Integer> size = model.inputSize();
        TrainTransform transform = new TrainTransform(
                size.get(size.size() - 2),
                size.get(size.size() - 1),
                recipe.cropLeast(),
                recipe.cropMost(),
                recipe.flip(),
                Interpolation.parse(recipe.interpolation()),
                recipe.randAugment(),
                recipe.randomErasing(),
                recipe.pixelNormalisation());
        ClipSampler sampler = sampler(recipe, model);
        return new BatchLoader.Plan(
                source,
                transform,
                (position, random) -> ClipChoice.random(sampler, random),
                sampleShape(model),
                recipe.batchSize(),
                true);
    }

    /** The centre of every frame; clips evenly spread: position p shows view p mod {@code testClips}. */
    public static BatchLoader.Plan test(Recipe recipe, HieraConfig model, SampleSource source) {
        ClipSampler sampler = sampler(recipe, model);
        return new BatchLoader.Plan(
                source,
                testTransform(recipe, model),
                (position, random) -> ClipChoice.uniform(sampler, position % recipe.testClips()),
                sampleShape(model),
                recipe.batchSize(),
                false);
    }

    /** What evaluation shows of a frame. */
    public static TestTransform testTransform(Recipe recipe, HieraConfig model) {
        List<Integer> size = model.inputSize();
        return new TestTransform(
                size.get(size.size() - 2),
                size.get(size.size() - 1),
                recipe.testShare(),
                Interpolation.parse(recipe.interpolation()),
                recipe.pixelNormalisation());
    }

    /** Clips of a video model; a picture model's are never asked for. */
    public static ClipSampler sampler(Recipe recipe, HieraConfig model) {
        int frames = model.isVideo() ? model.inputSize().get(0) : 1;
        return new ClipSampler(frames, recipe.frameStride(), recipe.testClips(), 1);
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
