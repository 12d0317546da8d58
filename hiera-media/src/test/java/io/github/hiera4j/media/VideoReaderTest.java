package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class VideoReaderTest {
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

    /** From a name like 16x4_5_clips: frames x stride _ clips. */
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
