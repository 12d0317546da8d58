package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.train.augment.RandAugment;
import io.github.hiera4j.train.augment.RandomCrop;
import io.github.hiera4j.train.augment.RandomErasing;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Crops, mirrors, augments (RandAugment), normalises and erases; all frames of a clip are treated alike.
 *
 * @param height rows of the network's input
 * @param width columns of the network's input
 * @param cropLeast smallest fraction of the area that a crop shows
 * @param cropMost largest fraction
 * @param flip probability of mirroring
 * @param interpolation the resizing filter
 */
public record TrainTransform(
        int height,
        int width,
        double cropLeast,
        double cropMost,
        double flip,
        Interpolation interpolation,
        RandAugment randAugment,
        RandomErasing erasing,
        Normalisation normalisation)
        implements SampleTransform {

    @Override
    public void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random) {
        Rgb8Image first = frames.get(0);
        RandomCrop crop = RandomCrop.draw(first.width(), first.height(), cropLeast, cropMost, flip, random);
        List<RandAugment.Drawn> drawn = randAugment.draw(random);
        List<Rgb8Image> changed = frames.stream()
                .map(frame -> RandAugment.apply(crop.apply(frame, interpolation, width, height), drawn))
                .toList();
        new PixelWriter(normalisation).write(changed, target, offset);
        erasing.apply(target, offset, 3 * frames.size(), height, width, random);
    }
}
