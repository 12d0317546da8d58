package io.github.hiera4j.api;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.FramePreprocess;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Turns inputs into a model's views, a chunk at a time: a chunk is one image, one frame, or all crops of one clip.
 *
 * <p>Each model takes both kinds of input. An image model sees single frames of a video; a video model sees an image as a clip
 * of equal frames.
 *
 * @param config the model
 * @param preprocessing how images and clips are prepared
 */
record MediaViews(HieraConfig config, Preprocessing preprocessing) {
    private static final int CHANNELS = 3;

    /** The chunks of one input, in order. One thread at a time. */
    interface ChunkReader extends AutoCloseable {
        int chunks();

        /**
         * Fills a tensor with one chunk.
         *
         * @param target float32, of {@link MediaViews#chunkShape}
         */
        void read(int chunk, HostTensor target);

        @Override
        void close();
    }

    ImagePreprocess images() {
        return preprocessing.images();
    }

    /** Of every chunk: {@code [views, 3, (T,) H, W]}, where an image model has one view. */
    Shape chunkShape(ReadOptions options) {
        int[] size = config.inputSize().stream().mapToInt(Integer::intValue).toArray();
        return config.isVideo()
                ? Shape.of(options.crops(), CHANNELS, size[0], size[1], size[2])
                : Shape.of(1, CHANNELS, size[0], size[1]);
    }

    /** The sampler for this model's clips. */
    ClipSampler sampler(ReadOptions options) {
        return new ClipSampler(config.inputSize().get(0), options.stride(), options.clips(), options.crops());
    }

    /** Opens an input and decodes it as far as needed to know its chunks. */
    ChunkReader open(MediaInput input, ReadOptions options) {
        OpenedMedia media = input.open();
        try {
            if (!media.isVideo()) {
                return new OfPicture(media.picture());
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

    /** The middles of equal parts of a video. */
    private static double[] middles(double duration, int parts) {
        double part = duration / parts;
        return IntStream.range(0, parts).mapToDouble(i -> (i + 0.5) * part).toArray();
    }

    /** Writes every crop of a frame to its place in a chunk of clips. */
    private void writeFrame(Rgb8Image frame, int number, HostTensor chunk) {
        FramePreprocess prepare = preprocessing.videos().frames();
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

    /** A picture: one view of it, or a clip of equal frames. */
    private final class OfPicture implements ChunkReader {
        private final Rgb8Image picture;

        OfPicture(Rgb8Image picture) {
            this.picture = picture;
        }

        @Override
        public int chunks() {
            return 1;
        }

        @Override
        public void read(int chunk, HostTensor target) {
            if (config.isVideo()) {
                writeFrame(picture, 0, target);
                repeatFirstFrame(target);
            } else {
                images().applyInto(picture, target, 0);
            }
        }

        @Override
        public void close() {}
    }

    /** A video that an image model sees: single frames. */
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
        public void read(int chunk, HostTensor target) {
            images().applyInto(media.video().framesAt(moments[chunk]).get(0), target, 0);
        }

        @Override
        public void close() {
            media.close();
        }
    }

    /** A video that a video model sees: the crops of a clip at a time. */
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
        public void read(int chunk, HostTensor target) {
            media.video().framesAt(clips.get(chunk).times(), (number, frame) -> writeFrame(frame, number, target));
        }

        @Override
        public void close() {
            media.close();
        }
    }
}
