package io.github.hiera4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.BarCode;
import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

public class VideoReaderTest {
    private static final JsonNode GOLDEN = Fixtures.golden("videos").get("videos");

    static Stream<String> goldenVideos() {
        return GOLDEN.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("goldenVideos")
    void everyFrameIsFoundByItsTime(String name) {
        double[] times = numbers(GOLDEN.get(name).get("time"));

        try (VideoReader reader = VideoReader.open(Fixtures.video(name))) {
            List<Rgb8Image> frames = reader.framesAt(times);

            List<Integer> indices = frames.stream().map(BarCode::read).toList();
            assertThat(indices).containsExactlyElementsOf(upTo(times.length));
        }
    }

    @ParameterizedTest
    @MethodSource("goldenVideos")
    void framesAreFoundInAnyOrder(String name) {
        double[] times = numbers(GOLDEN.get(name).get("time"));
        try (VideoReader reader = VideoReader.open(Fixtures.video(name))) {
            for (int i = 0; i < 40; i++) {
                int wanted = (i * 7919 + 13) % times.length;

                Rgb8Image frame = reader.framesAt(times[wanted] + 0.002).get(0);

                assertThat(BarCode.read(frame)).isEqualTo(wanted);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goldenVideos")
    void aVideoThatIsDecodedWholeShowsTheSameFrames(String name) {
        SplittableRandom random = new SplittableRandom(1);
        try (VideoReader reader = VideoReader.open(Fixtures.video(name))) {
            DecodedVideo decoded = reader.decode(1L << 30).orElseThrow();
            assertThat(decoded.duration()).isEqualTo(reader.info().duration());
            assertThat(reader.decode(decoded.bytes() - 1)).isEmpty();
            double[] times = random.doubles(20, -0.1, decoded.duration() + 0.5).toArray();
            for (double time : times) {
                assertThat(decoded.framesAt(time)).isEqualTo(reader.framesAt(time));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goldenVideos")
    void meanColoursMatchTheReference(String name) {
        JsonNode golden = GOLDEN.get(name);
        try (VideoReader reader = VideoReader.open(Fixtures.video(name))) {
            for (String index : golden.get("mean_rgb").propertyNames()) {
                double time = golden.get("time").get(Integer.parseInt(index)).doubleValue();

                double[] mean = meanColour(reader.framesAt(time).get(0));

                for (int channel = 0; channel < 3; channel++) {
                    assertThat(mean[channel])
                            .isCloseTo(
                                    golden.get("mean_rgb")
                                            .get(index)
                                            .get(channel)
                                            .doubleValue(),
                                    within(2.0));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goldenVideos")
    void clipsAreTheFramesOfTheReference(String name) {
        JsonNode golden = GOLDEN.get(name);
        try (VideoReader reader = VideoReader.open(Fixtures.video(name))) {
            assertThat(reader.info().codec()).isEqualTo(golden.get("codec").stringValue());
            for (String key : golden.get("clips").propertyNames()) {
                ClipSampler sampler = sampler(key);

                List<List<Integer>> chosen = sampler.uniform(reader.info().duration()).stream()
                        .map(clip -> reader.framesAt(clip.times()).stream()
                                .map(BarCode::read)
                                .toList())
                        .toList();

                assertThat(chosen).as(key).isEqualTo(indices(golden.get("clips").get(key)));
            }
        }
        assertThat(MediaMemory.openVideos()).isZero();
        assertThat(MediaMemory.liveNativeBytes()).isZero();
    }

    @Test
    void outsideTheVideoTheFirstAndTheLastFrameStay() {
        try (VideoReader reader = VideoReader.open(Fixtures.video("short_7f.mp4"))) {
            List<Rgb8Image> frames = reader.framesAt(1e9, -3, 0.1, 2);

            assertThat(frames.stream().map(BarCode::read).toList()).containsExactly(6, 0, 3, 6);
        }
    }

    @Test
    void framesComeEarliestFirstWithTheirPlaces() {
        List<Integer> places = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        try (VideoReader reader = VideoReader.open(Fixtures.video("h264_30fps_90f.mp4"))) {
            reader.framesAt(new double[] {2.0, 0.0, 1.0}, (index, image) -> {
                places.add(index);
                codes.add(BarCode.read(image));
            });
        }

        assertThat(places).containsExactly(1, 2, 0);
        assertThat(codes).containsExactly(0, 30, 60);
    }

    @Test
    void nativeMemoryDoesNotGrowWithTheFramesRead() {
        double[] times = numbers(GOLDEN.get("long_gop_300f.mp4").get("time"));
        Set<Long> held = new TreeSet<>();
        try (VideoReader reader = VideoReader.open(Fixtures.video("long_gop_300f.mp4"))) {
            reader.framesAt(times, (index, image) -> held.add(MediaMemory.liveNativeBytes()));
        }

        assertThat(held).hasSize(1);
        assertThat(held.iterator().next()).isBetween(1L, 1_000_000L);
        assertThat(MediaMemory.liveNativeBytes()).isZero();
    }

    @Test
    void aVideoCutShortIsReadWithAWarning() {
        try (VideoReader reader = VideoReader.open(Fixtures.video("broken/truncated.webm"))) {
            assertThat(reader.info().duration()).isCloseTo(1.33, within(0.01));
            assertThat(BarCode.read(reader.framesAt(1.0).get(0))).isEqualTo(30);
            assertThat(reader.warnings())
                    .singleElement()
                    .asString()
                    .endsWith("the video is cut short: its last 0.8 seconds are missing");
        }
    }

    @Test
    void severalDecoderThreadsChooseTheSameFrames() {
        double[] times = ClipSampler.middle(16, 4).uniform(10).get(0).times();
        Path video = Fixtures.video("long_gop_300f.mp4");
        try (VideoReader one = VideoReader.open(video);
                VideoReader three = VideoReader.open(video, VideoLimits.DEFAULT.withDecoderThreads(3))) {
            assertThat(three.framesAt(times)).isEqualTo(one.framesAt(times));
        }
    }

    @Test
    void mistakesAreExplained() {
        Path image = Fixtures.image("tiny.png");
        Path video = Fixtures.video("short_7f.mp4");
        VideoLimits small = new VideoLimits(160 * 119, Duration.ofSeconds(5), 1);
        VideoReader closed = VideoReader.open(video);
        closed.close();
        closed.close();

        assertThatThrownBy(() -> VideoReader.open(image))
                .isInstanceOf(HieraException.class)
                .hasMessage(image + ": expected a video, got a PNG image");
        assertThatThrownBy(() -> VideoReader.open(video, small))
                .isInstanceOf(HieraException.class)
                .hasMessage(video + ": frames of 160 x 120 pixels are more than the 19040 allowed");
        assertThatThrownBy(() -> closed.framesAt(0))
                .isInstanceOf(HieraException.class)
                .hasMessage(video + ": this video has been closed");
        assertThat(MediaMemory.openVideos()).isZero();
    }

    @Test
    void aReaderThatRunsOutOfPatienceSaysSo() {
        Path video = Fixtures.video("long_gop_300f.mp4");
        VideoLimits hasty = VideoLimits.DEFAULT.withPatience(Duration.ofNanos(1));

        assertThatThrownBy(() -> VideoReader.open(video, hasty))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(video + ": ");
        assertThat(MediaMemory.liveNativeBytes()).isZero();
        assertThat(MediaMemory.openVideos()).isZero();
    }

    /** Parses a name like 16x4_5_clips: frames x stride _ clips. */
    private static ClipSampler sampler(String key) {
        String[] parts = key.split("[x_]");
        return new ClipSampler(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), 1);
    }

    private static List<List<Integer>> indices(JsonNode clips) {
        List<List<Integer>> all = new ArrayList<>();
        clips.forEach(clip -> all.add(StreamSupport.stream(clip.spliterator(), false)
                .map(JsonNode::intValue)
                .toList()));
        return all;
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    private static List<Integer> upTo(int count) {
        return Stream.iterate(0, i -> i + 1).limit(count).toList();
    }

    private static double[] meanColour(Rgb8Image image) {
        double[] sums = new double[3];
        byte[] pixels = image.toByteArray();
        for (int i = 0; i < pixels.length; i++) {
            sums[i % 3] += pixels[i] & 0xff;
        }
        int count = pixels.length / 3;
        return new double[] {sums[0] / count, sums[1] / count, sums[2] / count};
    }
}
