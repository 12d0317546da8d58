package io.github.hiera4j.api;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.IntStream;

/**
 * Turns files into a model's input: one view or several, {@code [views, 3, (T,) H, W]}.
 *
 * <p>Each model takes both kinds of file. An image model sees single frames of a video; a video model sees an image as a clip
 * that stands still.
 *
 * @param config the model
 * @param preprocessing how images and clips are prepared at the model's size
 * @param size the size; files of {@link InputSize.Kind#NATIVE} size are prepared each at its own
 */
record MediaViews(HieraConfig config, Preprocessing preprocessing, InputSize size) {

    /** How images are prepared at the model's size. */
    ImagePreprocess images() {
        return preprocessing.images();
    }

    /** How this image is prepared. */
    ImagePreprocess images(Rgb8Image image) {
        return preprocessing(image.height(), image.width()).images();
    }

    private Preprocessing preprocessing(int height, int width) {
        if (size.kind() != InputSize.Kind.NATIVE) {
            return preprocessing;
        }
        int[] sides = size.nativeSides(config, height, width);
        return preprocessing.whole(sides[0], sides[1]);
    }

    HostTensor read(Path file, ReadOptions options) {
        boolean isVideo = MediaFile.recognise(file).kind() == MediaKind.VIDEO;
        if (config.isVideo()) {
            return isVideo ? clips(file, sampler(options)) : still(ImageReader.read(file), options);
        }
        if (isVideo) {
            return frames(file, options);
        }
        Rgb8Image image = ImageReader.read(file);
        return images(image).apply(image);
    }

    /** The sampler for this model's clips. */
    ClipSampler sampler(ReadOptions options) {
        return new ClipSampler(config.inputSize().get(0), options.stride(), options.clips(), crops(options));
    }

    /** A whole frame leaves no room for other crops. */
    private int crops(ReadOptions options) {
        return size.kind() == InputSize.Kind.NATIVE ? 1 : options.crops();
    }

    HostTensor clips(Path file, ClipSampler sampler) {
        try (VideoReader reader = VideoReader.open(file)) {
            return preprocessing(reader.info().height(), reader.info().width())
                    .videos()
                    .apply(reader, sampler);
        }
    }

    HostTensor still(Rgb8Image image, ReadOptions options) {
        return preprocessing(image.height(), image.width())
                .videos()
                .apply(Collections.nCopies(config.inputSize().get(0), image), crops(options));
    }

    /** Single frames in the middle of equal parts of a video. */
    private HostTensor frames(Path file, ReadOptions options) {
        try (VideoReader reader = VideoReader.open(file)) {
            double part = reader.info().duration() / options.clips();
            double[] times = IntStream.range(0, options.clips())
                    .mapToDouble(i -> (i + 0.5) * part)
                    .toArray();
            return preprocessing(reader.info().height(), reader.info().width())
                    .images()
                    .applyAll(reader.framesAt(times));
        }
    }
}
