package io.github.hiera4j.api.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.timeline.Timeline;
import io.github.hiera4j.api.insight.timeline.TimelineModel;
import io.github.hiera4j.api.insight.timeline.TimelineSettings;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.testing.TestFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
    private static final Path WEIGHTS = TestFiles.checkpoint("nano_video_official.pth");

    @TempDir
    Path directory;

    private Path film(int seconds) {
        Random random = new Random(1);
        List<Rgb8Image> frames = new ArrayList<>();
        for (int frame = 0; frame < seconds * 10; frame++) {
            byte[] rgb = new byte[64 * 48 * 3];
            if (frame / 30 % 2 == 0) {
                random.nextBytes(rgb);
            } else {
                java.util.Arrays.fill(rgb, (byte) (frame % 200));
            }
            frames.add(Rgb8Image.wrap(64, 48, rgb));
        }
        Path file = directory.resolve("film.mp4");
        Mp4Writer.write(file, frames, 10);
        return file;
    }

    /** One pass over the video must give the same results as reading each window separately. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void everyWindowIsWhatTheModelSeesWhenItIsReadAlone(int batch) {
        Path file = film(8);
        TimelineSettings settings = new TimelineSettings(2, 0.7, 0, 0, 100, batch);
        try (TimelineModel model = TimelineModel.load(WEIGHTS, LoadOptions.DEFAULT);
                HieraGraph alone = HieraGraph.load(
                        WEIGHTS, LoadOptions.DEFAULT, config -> ((HieraConfig) config).inferenceGraph());
                VideoReader video = VideoReader.open(file)) {
            Timeline timeline = model.run(file, settings, share -> {});
            assertThat(timeline.duration()).isCloseTo(8, within(0.11));
            assertThat(timeline.steps()).hasSize(9); // the last begins at 5.6 seconds
            for (Timeline.Step step : timeline.steps()) {
                int frames = alone.frames();
                double[] times = IntStream.range(0, frames)
                        .mapToDouble(slot -> step.start() + slot * 2.0 / frames)
                        .toArray();
                float[] expected = alone.run(alone.view(video.framesAt(times)), Hiera.PROBABILITIES)
                        .toFloats();
                step.top().forEach(one -> assertThat(one.probability()).isCloseTo(expected[one.index()], within(1e-5)));
            }
        }
    }

    @Test
    void segmentsCoverTheVideoWithoutGapsAndAreNoShorterThanAsked() {
        Path file = film(12);
        try (TimelineModel model = TimelineModel.load(WEIGHTS, LoadOptions.DEFAULT)) {
            Timeline timeline = model.run(file, new TimelineSettings(1, 0.25, 1, 1, 3, 8), share -> {});
            double before = 0;
            for (Timeline.Segment segment : timeline.segments()) {
                assertThat(segment.start()).isEqualTo(before);
                assertThat(segment.end() - segment.start()).isGreaterThanOrEqualTo(1);
                before = segment.end();
            }
            assertThat(before).isEqualTo(timeline.duration());
            assertThat(timeline.thumbnails()).isNotEmpty();
        }
    }

    @Test
    void aVideoShorterThanAWindowIsOneStep() {
        try (TimelineModel model = TimelineModel.load(WEIGHTS, LoadOptions.DEFAULT)) {
            Timeline timeline = model.run(
                    TestFiles.resource("/media/short_7f.mp4"), new TimelineSettings(30, 1, 0, 1, 3, 8), share -> {});
            assertThat(timeline.steps()).hasSize(1);
            assertThat(timeline.segments()).hasSize(1);
        }
    }

    @Test
    void whatIsNoVideoOrClassifierIsRefused() {
        try (TimelineModel model = TimelineModel.load(WEIGHTS, LoadOptions.DEFAULT)) {
            assertThatThrownBy(() ->
                            model.run(TestFiles.resource("/media/portrait.png"), TimelineSettings.DEFAULT, share -> {}))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("expected a video");
        }
        assertThatThrownBy(() -> TimelineModel.load(TestFiles.checkpoint("mae_nano_official.pth"), LoadOptions.DEFAULT))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("has no classes");
        assertThatThrownBy(() -> new TimelineSettings(2, 0.01, 0, 0, 5, 1)).isInstanceOf(HieraException.class);
    }

    /** Two hours in windows of two seconds every half second take no more memory than a short video. */
    @Test
    @Tag("slow")
    void twoHoursOfVideoTakeNoMoreMemoryThanAMinute() {
        Path file = directory.resolve("long.mp4");
        byte[] rgb = new byte[64 * 48 * 3];
        Mp4Writer.write(file, new RepeatedFrames(2 * 3600 * 5, rgb), 5);
        try (TimelineModel model = TimelineModel.load(WEIGHTS, LoadOptions.DEFAULT)) {
            System.gc();
            Timeline timeline = model.run(file, new TimelineSettings(2, 0.5, 2, 1, 3, 8), share -> {});
            System.gc();
            long after =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            assertThat(timeline.steps().size()).isBetween(14390, 14400);
            assertThat(timeline.duration()).isCloseTo(7200, within(1.0));
            assertThat(timeline.thumbnails()).hasSize(60);
            assertThat(after).isLessThan(200L << 20);
        }
    }

    /** Frames that are created on request: a list of all frames would not fit into memory. */
    private static final class RepeatedFrames extends java.util.AbstractList<Rgb8Image> {
        private final int count;
        private final byte[] rgb;

        RepeatedFrames(int count, byte[] rgb) {
            this.count = count;
            this.rgb = rgb;
        }

        @Override
        public Rgb8Image get(int index) {
            byte[] frame = rgb.clone();
            java.util.Arrays.fill(frame, (byte) (index / 50 % 200));
            return Rgb8Image.wrap(64, 48, frame);
        }

        @Override
        public int size() {
            return count;
        }
    }
}
