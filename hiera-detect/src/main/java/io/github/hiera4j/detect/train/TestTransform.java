package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.data.SampleTransform;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Preprocesses a validation image as in inference. */
record TestTransform(PictureInput input) implements SampleTransform {
    @Override
    public void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random) {
        input.write(frames.get(0), target, offset);
    }
}
