package io.github.hiera4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.BarCode;
import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.Rgb8Image;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Codecs and containers in addition to the shared fixtures; see src/test/python/make_video_variants.py. */
public class VideoVariantsTest {
    private static final JsonNode INDEX = Fixtures.json("/videos/variants/index.json");
    private static final int[] PLAIN_COLOUR = {200, 60, 30};

    static Stream<String> uprightVideos() {
        return INDEX.propertyNames().stream()
                .filter(name -> INDEX.get(name).get("turned").intValue() == 0);
    }

    @ParameterizedTest
    @MethodSource("uprightVideos")
    void everyFrameIsFoundInOrder(String name) {
        int count = INDEX.get(name).get("frames").intValue();
        double[] times =
                IntStream.range(0, count).mapToDouble(i -> timeOf(name, i)).toArray();

        try (VideoReader reader = open(name)) {
            List<Integer> indices =
                    reader.framesAt(times).stream().map(BarCode::read).toList();

            assertThat(indices)
                    .isEqualTo(IntStream.range(0, count)
                            .map(i -> i + first(name))
                            .boxed()
                            .toList());
            assertThat(reader.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("uprightVideos")
    void everyFrameIsFoundByJumping(String name) {
        int count = INDEX.get(name).get("frames").intValue();
        try (VideoReader reader = open(name)) {
            for (int i = 0; i < count; i++) {
                int wanted = (i * 37 + 11) % count;

                Rgb8Image frame = reader.framesAt(timeOf(name, wanted)).get(0);

                assertThat(BarCode.read(frame)).isEqualTo(wanted + first(name));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("uprightVideos")
    void theDurationIsThatOfTheFramesShown(String name) {
        double rate = INDEX.get(name).get("rate").doubleValue();
        int count = INDEX.get(name).get("frames").intValue();
        try (VideoReader reader = open(name)) {
            assertThat(reader.info().duration()).isCloseTo(count / rate, within(0.02));
            assertThat(reader.info().frameRate()).isCloseTo(rate, within(0.7));
        }
    }

    @ParameterizedTest
    @MethodSource("uprightVideos")
    void coloursFollowTheMatrixAndRangeThatTheFramesDeclare(String name) {
        try (VideoReader reader = open(name)) {
            Rgb8Image frame = reader.framesAt(1.0).get(0);

            for (int channel = 0; channel < 3; channel++) {
                assertThat(frame.sample(80, 100, channel)).isCloseTo(PLAIN_COLOUR[channel], within(6));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"turned_90.mp4,6", "turned_180.mp4,3", "turned_270.mp4,8"})
    void framesAreTurnedAsTheContainerSays(String name, int exifOrientation) {
        try (VideoReader plain = open("moov_first.mp4");
                VideoReader turned = open(name)) {
            Rgb8Image expected = Orientation.ofExif(exifOrientation)
                    .apply(plain.framesAt(0.7).get(0));

            assertThat(turned.framesAt(0.7).get(0)).isEqualTo(expected);
            assertThat(turned.info().width()).isEqualTo(expected.width());
            assertThat(turned.info().height()).isEqualTo(expected.height());
        }
    }

    @Test
    void aFrameWantedTwiceIsConvertedOnce() {
        try (VideoReader reader = open("moov_first.mp4")) {
            List<Rgb8Image> frames = reader.framesAt(0.5, 0.1, 0.5);

            assertThat(frames.get(0)).isSameAs(frames.get(2)).isNotEqualTo(frames.get(1));
        }
    }

    private static VideoReader open(String name) {
        return VideoReader.open(Fixtures.video("variants/" + name));
    }

    private static double timeOf(String name, int frame) {
        return frame / INDEX.get(name).get("rate").doubleValue() + 0.003;
    }

    private static int first(String name) {
        JsonNode first = INDEX.get(name).get("first");
        return first == null ? 0 : first.intValue();
    }
}
