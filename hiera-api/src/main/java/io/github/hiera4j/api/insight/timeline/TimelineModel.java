package io.github.hiera4j.api.insight.timeline;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.picture.Thumbnails;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Slides a classifier over long videos. Memory grows with a video's length only by a few numbers per window. An image model sees the
 * first frame of every window. Safe to call from several threads; holds native memory until it is closed.
 */
public final class TimelineModel implements AutoCloseable {
    private static final int THUMBNAILS = 60;
    private static final int THUMBNAIL_SIDE = 128;

    private final HieraGraph model;

    private TimelineModel(HieraGraph model) {
        this.model = model;
    }

    /**
     * Loads a classifier.
     *
     * @param weights a checkpoint with a head
     * @param options the loading options
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if it cannot be loaded or is not a classifier
     */
    public static TimelineModel load(Path weights, LoadOptions options) {
        return new TimelineModel(HieraGraph.load(weights, options, config -> {
            checkSupported(
                    config instanceof HieraConfig && config.encoder().numClasses() > 0,
                    "%s: has no classes: give the weights of a video classifier, such as hiera_base_16x224",
                    weights);
            return config.inferenceGraph().select(Hiera.PROBABILITIES);
        }));
    }

    /**
     * Slides the model over a video.
     *
     * @param file a video
     * @param settings windows and smoothing
     * @param progress receives the completed fraction of the video, 0 to 1, after every batch
     * @return the timeline
     * @throws io.github.hiera4j.model.HieraException if the file is not a video or cannot be read
     */
    public Timeline run(Path file, TimelineSettings settings, DoubleConsumer progress) {
        try (VideoReader video = VideoReader.open(file)) {
            double duration = video.info().duration();
            SlidingWindows windows = new SlidingWindows(model.framePreprocess(), model.frames(), settings, duration);
            List<Timeline.Step> steps = new ArrayList<>();
            Smoothing smoothing = new Smoothing(
                    settings.smoothedWindows(),
                    probabilities -> steps.add(step(windows, steps.size(), settings, probabilities)));
            List<Timeline.Thumbnail> thumbnails = new ArrayList<>();
            Batch batch = new Batch(settings.batch(), smoothing);
            windows.read(
                    video,
                    shape(),
                    (number, pixels) -> {
                        if (batch.add(pixels)) {
                            progress.accept((number + 1.0) / windows.count());
                        }
                    },
                    frame -> keep(thumbnails, frame, duration));
            batch.compute();
            smoothing.finish();
            List<Timeline.Segment> segments = Segments.of(steps, duration, settings.shortest());
            return new Timeline(duration, List.copyOf(steps), segments, List.copyOf(thumbnails), video.warnings());
        }
    }

    private static void keep(List<Timeline.Thumbnail> thumbnails, Timeline.Thumbnail frame, double duration) {
        if (frame.time() >= thumbnails.size() * duration / THUMBNAILS) {
            thumbnails.add(new Timeline.Thumbnail(frame.time(), Thumbnails.of(frame.picture(), THUMBNAIL_SIDE)));
        }
    }

    private Timeline.Step step(SlidingWindows windows, int number, TimelineSettings settings, float[] probabilities) {
        List<String> names = model.labels().names();
        List<Classification> top = IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -probabilities[index]))
                .limit(settings.top())
                .map(index -> new Classification(index, names.get(index), probabilities[index]))
                .toList();
        double start = windows.start(number);
        return new Timeline.Step(start, start + settings.window(), top);
    }

    /** Returns the shape {@code [windows, 3, (T,) H, W]}, or that of one window without a leading size. */
    private Shape shape(int... leading) {
        List<Integer> size = model.encoder().inputSize();
        return Shape.of(IntStream.concat(
                        IntStream.concat(IntStream.of(leading), IntStream.of(3)),
                        size.stream().mapToInt(Integer::intValue))
                .toArray());
    }

    /** Collects windows that are computed together. */
    private final class Batch {
        private final HostTensor pixels;
        private final Smoothing smoothing;
        private int waiting;

        Batch(int most, Smoothing smoothing) {
            pixels = HostTensor.allocate(DType.FLOAT32, shape(most));
            this.smoothing = smoothing;
        }

        /** Adds a window; returns whether the batch was full and has been computed. */
        boolean add(HostTensor window) {
            window.copyTo(pixels.slice(waiting++));
            if (waiting < pixels.shape().size(0)) {
                return false;
            }
            compute();
            return true;
        }

        void compute() {
            if (waiting == 0) {
                return;
            }
            HostTensor filled = HostTensor.wrap(DType.FLOAT32, shape(waiting), pixels.bytes());
            HostTensor probabilities = model.run(filled, Hiera.PROBABILITIES);
            for (int i = 0; i < waiting; i++) {
                smoothing.add(probabilities.slice(i).toFloats());
            }
            waiting = 0;
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
