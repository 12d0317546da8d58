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
 * @param preprocessing how images and clips are prepared
 */
record MediaViews(HieraConfig config, Preprocessing preprocessing) {

    ImagePreprocess images() {
        return preprocessing.images();
    }

    HostTensor read(Path file, ReadOptions options) {
        boolean isVideo = MediaFile.recognise(file).kind() == MediaKind.VIDEO;
        if (config.isVideo()) {
            return isVideo ? clips(file, sampler(options)) : still(ImageReader.read(file), options);
        }
        return isVideo ? frames(file, options) : images().apply(ImageReader.read(file));
    }

    /** The sampler for this model's clips. */
    ClipSampler sampler(ReadOptions options) {
        return new ClipSampler(config.inputSize().get(0), options.stride(), options.clips(), options.crops());
    }

    HostTensor clips(Path file, ClipSampler sampler) {
        try (VideoReader reader = VideoReader.open(file)) {
            return preprocessing.videos().apply(reader, sampler);
        }
    }

    HostTensor still(Rgb8Image image, ReadOptions options) {
        return preprocessing
                .videos()
                .apply(Collections.nCopies(config.inputSize().get(0), image), options.crops());
    }

    /** Single frames in the middle of equal parts of a video. */
    private HostTensor frames(Path file, ReadOptions options) {
        try (VideoReader reader = VideoReader.open(file)) {
            double part = reader.info().duration() / options.clips();
            double[] times = IntStream.range(0, options.clips())
                    .mapToDouble(i -> (i + 0.5) * part)
                    .toArray();
            return images().applyAll(reader.framesAt(times));
        }
    }
}
