package io.github.hiera4j.api;

import io.github.hiera4j.api.internal.ChunkReader;
import io.github.hiera4j.api.internal.OpenedMedia;
import io.github.hiera4j.api.internal.ReadPlan;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.FramePreprocess;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.VideoInfo;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Converts inputs to a model's views, chunk by chunk: a chunk is one image, one frame, or all crops of one clip.
 *
 * <p>Each model takes both kinds of input. An image model sees single frames of a video; a video model sees an image as a clip
 * of identical frames.
 *
 * @param config the model
 * @param preprocessing of images and clips at the model's size
 * @param size the model's size; for {@link InputSize.Kind#NATIVE}, each input is prepared at its own size
 */
record MediaViews(HieraConfig config, Preprocessing preprocessing, InputSize size) {
    private static final int CHANNELS = 3;

    ImagePreprocess images() {
        return preprocessing.images();
    }

    /** Returns the plan for reading inputs ahead. */
    ReadPlan<MediaInput> readPlan(ReadOptions options) {
        return new ReadPlan<>(
                chunkShape(options),
                input -> open(input, options),
                MediaInput::name,
                options.workers(),
                options.batch(),
                options.memoryBytes());
    }

    private boolean isNative() {
        return size.kind() == InputSize.Kind.NATIVE;
    }

    /** Returns the shape of every chunk, or of the largest one: {@code [views, 3, (T,) H, W]}; an image model has one view. */
    Shape chunkShape(ReadOptions options) {
        return isNative()
                ? chunkShape(options, size.largestSide(config, -2), size.largestSide(config, -1))
                : chunkShape(options, images().height(), images().width());
    }

    private Shape chunkShape(ReadOptions options, int height, int width) {
        return config.isVideo()
                ? Shape.of(crops(options), CHANNELS, config.inputSize().get(0), height, width)
                : Shape.of(1, CHANNELS, height, width);
    }

    /** Returns the number of crops; a view of the whole frame has no other crops. */
    private int crops(ReadOptions options) {
        return isNative() ? 1 : options.crops();
    }

    /** Returns the sampler for this model's clips. */
    ClipSampler sampler(ReadOptions options) {
        return new ClipSampler(config.inputSize().get(0), options.stride(), options.clips(), crops(options));
    }

    /** Returns the preprocessing of pictures or frames of a given size. */
    private Preprocessing preprocessing(int height, int width) {
        if (!isNative()) {
            return preprocessing;
        }
        int[] sides = size.nativeSides(config, height, width);
        return preprocessing.whole(sides[0], sides[1]);
    }

    /** Returns the part of a chunk's memory that an input of another size occupies. */
    private HostTensor fitted(HostTensor target, FramePreprocess prepare) {
        Shape shape = target.shape().withSize(-2, prepare.height()).withSize(-1, prepare.width());
        return shape.equals(target.shape()) ? target : HostTensor.wrap(target.dtype(), shape, target.bytes());
    }

    /** Opens an input and decodes it as far as needed to determine its chunks. */
    ChunkReader open(MediaInput input, ReadOptions options) {
        OpenedMedia media = input.open();
        try {
            if (!media.isVideo()) {
                return new OfPicture(media);
            }
            double duration = media.video().info().duration();
            return config.isVideo()
                    ? new OfClips(media, sampler(options).uniform(duration))
                    : new OfFrames(media, middles(duration, options.clips()));
        } catch (RuntimeException failure) {
            media.close();
            throw failure;
        }
    }

    /** Returns the middles of equal parts of a video. */
    private static double[] middles(double duration, int parts) {
        double part = duration / parts;
        return IntStream.range(0, parts).mapToDouble(i -> (i + 0.5) * part).toArray();
    }

    /** Writes every crop of a frame to its place in a chunk of clips. */
    private static void writeFrame(FramePreprocess prepare, Rgb8Image frame, int number, HostTensor chunk) {
        int crops = chunk.shape().size(0);
        int frames = chunk.shape().size(2);
        int plane = prepare.height() * prepare.width();
        for (int crop = 0; crop < crops; crop++) {
            prepare.write(frame, crop, crops, chunk.slice(crop).floats(), number * plane, frames * plane);
        }
    }

    /** Copies the first frame of every clip in a chunk to the others. */
    private static void repeatFirstFrame(HostTensor chunk) {
        int planes = chunk.shape().size(0) * CHANNELS;
        int frames = chunk.shape().size(2);
        int plane = chunk.shape().size(3) * chunk.shape().size(4);
        FloatBuffer values = chunk.floats();
        for (int i = 0; i < planes; i++) {
            FloatBuffer first = values.slice(i * frames * plane, plane);
            for (int frame = 1; frame < frames; frame++) {
                values.put((i * frames + frame) * plane, first, 0, plane);
            }
        }
    }

    /** A picture: a single view, or a clip of identical frames. */
    private final class OfPicture implements ChunkReader {
        private final Rgb8Image picture;
        private final List<String> warnings;

        OfPicture(OpenedMedia media) {
            this.picture = media.picture();
            this.warnings = media.warnings();
        }

        @Override
        public int chunks() {
            return 1;
        }

        @Override
        public HostTensor read(int chunk, HostTensor target) {
            Preprocessing prepare = preprocessing(picture.height(), picture.width());
            if (config.isVideo()) {
                FramePreprocess frames = prepare.videos().frames();
                HostTensor clip = fitted(target, frames);
                writeFrame(frames, picture, 0, clip);
                repeatFirstFrame(clip);
                return clip;
            }
            HostTensor view = fitted(target, prepare.images());
            prepare.images().applyInto(picture, view, 0);
            return view;
        }

        @Override
        public List<String> warnings() {
            return warnings;
        }

        @Override
        public void close() {}
    }

    /** A video for an image model: single frames. */
    private final class OfFrames implements ChunkReader {
        private final OpenedMedia media;
        private final double[] moments;

        OfFrames(OpenedMedia media, double[] moments) {
            this.media = media;
            this.moments = moments;
        }

        @Override
        public int chunks() {
            return moments.length;
        }

        @Override
        public HostTensor read(int chunk, HostTensor target) {
            Rgb8Image frame = media.video().framesAt(moments[chunk]).get(0);
            ImagePreprocess prepare =
                    preprocessing(frame.height(), frame.width()).images();
            HostTensor view = fitted(target, prepare);
            prepare.applyInto(frame, view, 0);
            return view;
        }

        @Override
        public List<String> warnings() {
            return media.warnings();
        }

        @Override
        public void close() {
            media.close();
        }
    }

    /** A video for a video model: each chunk holds the crops of one clip. */
    private final class OfClips implements ChunkReader {
        private final OpenedMedia media;
        private final List<Clip> clips;

        OfClips(OpenedMedia media, List<Clip> clips) {
            this.media = media;
            this.clips = clips;
        }

        @Override
        public int chunks() {
            return clips.size();
        }

        @Override
        public HostTensor read(int chunk, HostTensor target) {
            VideoInfo info = media.video().info();
            FramePreprocess prepare =
                    preprocessing(info.height(), info.width()).videos().frames();
            HostTensor clip = fitted(target, prepare);
            media.video()
                    .framesAt(clips.get(chunk).times(), (number, frame) -> writeFrame(prepare, frame, number, clip));
            return clip;
        }

        @Override
        public List<String> warnings() {
            return media.warnings();
        }

        @Override
        public void close() {
            media.close();
        }
    }
}
