package io.github.hiera4j.api.insight.timeline;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.FramePreprocess;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads overlapping windows of a video in one pass: every frame is decoded and prepared once, and written to all windows that show
 * it. Holds only the windows that have begun and not ended, regardless of the video's length.
 */
final class SlidingWindows {
    private static final int MOMENTS_AT_ONCE = 1024;
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    private final FramePreprocess prepare;
    private final int frames;
    private final double window;
    private final double every;
    private final int count;
    private final int plane;
    private final float[] prepared;
    private final FloatBuffer preparedBuffer;
    private final Map<Integer, HostTensor> open = new HashMap<>();
    private final Deque<HostTensor> free = new ArrayDeque<>(); // native memory that later windows reuse
    private final PriorityQueue<Moment> next = new PriorityQueue<>(Comparator.comparingDouble(Moment::seconds)
            .thenComparingInt(Moment::window)
            .thenComparingInt(Moment::slot));
    private @Nullable Rgb8Image last;
    private int begun;
    private int most;

    /** The time at which a window shows a frame in one of its slots. */
    private record Moment(double seconds, int window, int slot) {}

    /** Receives a window's pixels {@code [3, (T,) H, W]}, whose memory is reused afterwards. */
    interface Sink {
        void accept(int window, HostTensor pixels);
    }

    SlidingWindows(FramePreprocess prepare, int frames, TimelineSettings settings, double duration) {
        this.prepare = prepare;
        this.frames = frames;
        window = settings.window();
        every = settings.every();
        count = 1 + (int) Math.max(0, Math.floor((duration - window) / every + 1e-9));
        plane = prepare.height() * prepare.width();
        prepared = new float[CHANNELS * plane];
        preparedBuffer = FloatBuffer.wrap(prepared);
    }

    int count() {
        return count;
    }

    double start(int number) {
        return number * every;
    }

    /** Returns the maximum number of windows that were held at once. */
    int mostHeld() {
        return most;
    }

    /**
     * Reads the whole video.
     *
     * @param shape of one window's pixels
     * @param seen receives every frame that is shown, once for each moment
     */
    void read(VideoReader video, Shape shape, Sink sink, Consumer<Timeline.Thumbnail> seen) {
        begin();
        while (!next.isEmpty()) {
            List<Moment> moments = new ArrayList<>();
            while (moments.size() < MOMENTS_AT_ONCE && !next.isEmpty()) {
                moments.add(take());
            }
            double[] times = moments.stream().mapToDouble(Moment::seconds).toArray();
            video.framesAt(times, (index, frame) -> {
                Moment moment = moments.get(index);
                seen.accept(new Timeline.Thumbnail(moment.seconds(), frame));
                write(moment, frame, shape, sink);
            });
        }
    }

    private void begin() {
        if (begun < count) {
            next.add(new Moment(start(begun), begun, 0));
            begun++;
        }
    }

    /** Removes and returns the earliest moment; adds the window's next moment and, at the start of a window, the next window. */
    private Moment take() {
        Moment moment = next.remove();
        if (moment.slot() + 1 < frames) {
            int slot = moment.slot() + 1;
            next.add(new Moment(start(moment.window()) + slot * window / frames, moment.window(), slot));
        }
        if (moment.slot() == 0) {
            begin();
        }
        return moment;
    }

    @SuppressWarnings("ReferenceEquality") // the reader shows one frame for several moments as the same object
    private void write(Moment moment, Rgb8Image frame, Shape shape, Sink sink) {
        if (frame != last) {
            prepare.write(frame, 0, 1, preparedBuffer, 0, plane);
            last = frame;
        }
        HostTensor target = open.computeIfAbsent(
                moment.window(), any -> free.isEmpty() ? HostTensor.allocate(DType.FLOAT32, shape) : free.remove());
        most = Math.max(most, open.size());
        FloatBuffer values = target.floats();
        for (int channel = 0; channel < CHANNELS; channel++) {
            values.put((channel * frames + moment.slot()) * plane, prepared, channel * plane, plane);
        }
        if (moment.slot() == frames - 1) {
            HostTensor complete = Objects.requireNonNull(open.remove(moment.window()));
            sink.accept(moment.window(), complete);
            free.add(complete);
        }
    }
}
