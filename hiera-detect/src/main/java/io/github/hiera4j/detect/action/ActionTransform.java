package io.github.hiera4j.detect.action;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.augment.RandomCrop;
import io.github.hiera4j.train.data.Placement;
import io.github.hiera4j.train.data.SampleTransform;
import io.github.hiera4j.train.data.TestTransform;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Crops and resizes the frames of a clip for an action model, and records the placement of the crop for the boxes.
 *
 * <p>Training (SlowFast's detection framework): the shorter side of the frame is resized to a random length, then a random part of the
 * input size is cropped and possibly mirrored. The length is uniform from {@code side / √cropMost} to {@code side / √cropLeast}: 256 to
 * 320 for 224 pixels and shares of 0.765625 and 0.49. Evaluation: the shorter side is resized to the input size, and the centre cropped.
 *
 * @param height rows of the input
 * @param width columns of the input
 * @param cropLeast smallest area of the crop, as a share of the largest crop that fits
 * @param cropMost largest share
 * @param flip probability of mirroring
 * @param random false for the centre crop without random numbers
 */
public record ActionTransform(
        int height,
        int width,
        double cropLeast,
        double cropMost,
        double flip,
        Interpolation interpolation,
        Normalisation normalisation,
        boolean random)
        implements SampleTransform {

    /**
     * {@return the random crop of the recipe}
     *
     * @param recipe all settings of the training
     * @param model the settings of the encoder
     */
    public static ActionTransform training(Recipe recipe, HieraConfig model) {
        return of(recipe, model, true);
    }

    /**
     * {@return the largest centre crop}
     *
     * @param recipe all settings of the training
     * @param model the settings of the encoder
     */
    public static ActionTransform test(Recipe recipe, HieraConfig model) {
        return of(recipe, model, false);
    }

    private static ActionTransform of(Recipe recipe, HieraConfig model, boolean random) {
        List<Integer> size = model.inputSize();
        return new ActionTransform(
                size.get(size.size() - 2),
                size.get(size.size() - 1),
                recipe.augmentation().cropLeast(),
                recipe.augmentation().cropMost(),
                recipe.augmentation().flip(),
                recipe.data().filter(),
                recipe.data().pixelNormalisation(),
                random);
    }

    @Override
    public void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator source) {
        writePlaced(frames, target, offset, source);
    }

    @Override
    public Optional<Placement> writePlaced(
            List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator source) {
        Rgb8Image first = frames.get(0);
        RandomCrop part = part(first.width(), first.height(), source);
        List<Rgb8Image> shown = frames.stream()
                .map(frame -> part.apply(frame, interpolation, width, height))
                .toList();
        new TestTransform(height, width, 1, 0.5, interpolation, normalisation).write(shown, target, offset, source);
        return Optional.of(new Placement(
                part.left(),
                part.top(),
                part.left() + part.width(),
                part.top() + part.height(),
                part.mirrored(),
                width,
                height,
                first.width(),
                first.height()));
    }

    /** Returns the part of a frame to crop. */
    RandomCrop part(int frameWidth, int frameHeight, RandomGenerator source) {
        double fit =
                Math.min((double) frameWidth / width, (double) frameHeight / height); // frame pixels per input pixel
        if (!random) {
            int wide = atMost(fit * width, frameWidth);
            int high = atMost(fit * height, frameHeight);
            return new RandomCrop((frameWidth - wide) / 2, (frameHeight - high) / 2, wide, high, false);
        }
        boolean mirrored = source.nextDouble() < flip;
        double longest = 1 / Math.sqrt(cropLeast);
        double shortest = 1 / Math.sqrt(cropMost);
        double scale = fit / (shortest + (longest - shortest) * source.nextDouble());
        int wide = atMost(scale * width, frameWidth);
        int high = atMost(scale * height, frameHeight);
        int left = source.nextInt(frameWidth - wide + 1);
        int top = source.nextInt(frameHeight - high + 1);
        return new RandomCrop(left, top, wide, high, mirrored);
    }

    private static int atMost(double length, int limit) {
        return Math.max(1, Math.min(limit, (int) Math.round(length)));
    }
}
